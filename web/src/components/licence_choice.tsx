import { useId } from 'react';
import type { LicenceId } from '../api/types';
import { licences } from '../licences';
import { strings } from '../strings';
import '../styles/forms.css';

interface LicenceChoiceProps {
  value: LicenceId;
  onChange: (licence: LicenceId) => void;
}

export function LicenceChoice({ value, onChange }: LicenceChoiceProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{strings.licence.label}</label>
      <select
        id={id}
        className="select"
        value={value}
        onChange={(event) => onChange(event.target.value as LicenceId)}
      >
        <option value="">{strings.licence.none}</option>
        {Object.entries(licences).map(([one, { name }]) => (
          <option key={one} value={one}>
            {name}
          </option>
        ))}
        <option value="all-rights-reserved">{strings.licence.reserved}</option>
      </select>
    </div>
  );
}
