import type { NamedGroup } from '../api/types';
import { strings } from '../strings';
import '../styles/forms.css';

interface GroupChoiceProps {
  /** Those that can be chosen. */
  groups: readonly NamedGroup[];
  /** Ids of those that are. */
  value: readonly string[];
  onChange: (value: string[]) => void;
}

export function GroupChoice({ groups, value, onChange }: GroupChoiceProps) {
  const toggle = (id: string, chosen: boolean) => {
    const others = value.filter((one) => one !== id);
    onChange(chosen ? [...others, id] : others);
  };
  return (
    <fieldset className="choice">
      <legend>{strings.groups.label}</legend>
      <div className="choice-row">
        {groups.map(({ id, name, kind }) => (
          <label key={id} className="choice-item">
            <input
              type="checkbox"
              name="groups"
              checked={value.includes(id)}
              onChange={(event) => toggle(id, event.target.checked)}
            />
            <span dir="auto">{name}</span>
            {kind !== 'group' && <span className="soft"> {strings.groups.kind[kind]}</span>}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
