import { useId } from 'react';
import type { Visibility } from '../api/types';
import { strings } from '../strings';
import '../styles/forms.css';

const choices: readonly Visibility[] = ['public', 'unlisted', 'private'];

interface VisibilityChoiceProps {
  label: string;
  value: Visibility;
  onChange: (value: Visibility) => void;
}

export function VisibilityChoice({ label, value, onChange }: VisibilityChoiceProps) {
  const name = useId();
  return (
    <fieldset className="choice">
      <legend>{label}</legend>
      <div className="choice-row">
        {choices.map((choice) => (
          <label key={choice} className="choice-item">
            <input
              type="radio"
              name={name}
              value={choice}
              checked={choice === value}
              onChange={() => onChange(choice)}
            />
            {strings.visibility[choice]}
          </label>
        ))}
      </div>
      <p className="field-hint">{strings.visibilityHint[value]}</p>
    </fieldset>
  );
}
