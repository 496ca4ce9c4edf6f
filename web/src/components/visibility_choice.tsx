import { useId } from 'react';
import { useVisibilities } from '../api/queries';
import type { Visibility } from '../api/types';
import { strings } from '../strings';
import '../styles/forms.css';

interface VisibilityChoiceProps {
  label: string;
  /** Null: what the server gives where nothing is said. */
  value: Visibility | null;
  /** Levels that make no sense here. */
  without?: readonly Visibility[];
  onChange: (value: Visibility) => void;
}

/** Offers what the server says it enforces for the viewer, and what is chosen already. */
export function VisibilityChoice({ label, value, without = [], onChange }: VisibilityChoiceProps) {
  const name = useId();
  const known = useVisibilities().data;
  const chosen = value ?? known?.default ?? null;
  const offered = known?.items.filter((item) => item === chosen || !without.includes(item)) ?? [];
  const choices = chosen === null || offered.includes(chosen) ? offered : [...offered, chosen];
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
              checked={choice === chosen}
              onChange={() => onChange(choice)}
            />
            {strings.visibility[choice]}
          </label>
        ))}
      </div>
      {chosen !== null && <p className="field-hint">{strings.visibilityHint[chosen]}</p>}
    </fieldset>
  );
}
