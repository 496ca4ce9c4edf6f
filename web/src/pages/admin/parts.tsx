import { type ReactNode, useId } from 'react';
import { useToast } from '../../components/toasts';
import { strings } from '../../strings';

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  /** What each is called. */
  names: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
}

/** One of several, with its label above. */
export function Choice<T extends string>({ label, value, names, onChange }: ChoiceProps<T>) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="select"
        value={value}
        onChange={(event) => onChange(event.target.value as T)}
      >
        {names.map(([one, name]) => (
          <option key={one} value={one}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

interface TableProps {
  /** What it is about, for whoever does not see it. */
  label: string;
  heads: readonly string[];
  /** Heads of columns that hold numbers. */
  numbers?: readonly string[];
  rows: readonly { key: string; cells: readonly ReactNode[] }[];
}

export function Table({ label, heads, numbers = [], rows }: TableProps) {
  const kind = heads.map((head) => (numbers.includes(head) ? 'number' : undefined));
  return (
    <div className="table-frame" role="region" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {heads.map((head, i) => (
              <th key={head} scope="col" className={kind[i]}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells }) => (
            <tr key={key}>
              {cells.map((cell, i) => (
                <td key={heads[i]} className={kind[i]}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Says why something that was asked for was not done. */
export function useSayFailed(): (error: Error) => void {
  const toast = useToast();
  return (error) => toast({ text: strings.admin.failed(error.message), tone: 'bad' });
}
