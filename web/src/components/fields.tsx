import { type InputHTMLAttributes, type ReactNode, type RefObject, useEffect, useId, useState } from 'react';
import { ApiProblem } from '../api/client';
import { EyeIcon } from '../player/icons';
import { strings } from '../strings';
import '../styles/forms.css';

interface LabelledProps {
  label: string;
  optional?: boolean;
  hint?: string;
  error?: string;
}

interface FieldProps extends LabelledProps, Omit<InputHTMLAttributes<HTMLInputElement>, 'id' | 'name'> {
  name: string;
  /** A button inside of the field. */
  after?: ReactNode;
}

export function Field({ label, optional, hint, error, after, ...input }: FieldProps) {
  const id = useId();
  return (
    <Labelled id={id} {...{ label, optional, hint, error }}>
      <div className="field-box">
        <input id={id} {...described(id, hint, error)} {...input} />
        {after}
      </div>
    </Labelled>
  );
}

export function TextArea({
  label,
  optional,
  hint,
  error,
  ...area
}: LabelledProps & { name: string; value: string; onChange: (text: string) => void; rows?: number }) {
  const id = useId();
  return (
    <Labelled id={id} {...{ label, optional, hint, error }}>
      <textarea
        id={id}
        dir="auto"
        rows={area.rows ?? 4}
        name={area.name}
        value={area.value}
        {...described(id, hint, error)}
        onChange={(event) => area.onChange(event.target.value)}
      />
    </Labelled>
  );
}

export function PasswordField(props: FieldProps) {
  const [shown, setShown] = useState(false);
  return (
    <Field
      {...props}
      type={shown ? 'text' : 'password'}
      after={
        <button
          type="button"
          className="icon-button"
          aria-label={shown ? strings.account.hidePassword : strings.account.showPassword}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        >
          <EyeIcon />
        </button>
      }
    />
  );
}

function Labelled({
  id,
  label,
  optional,
  hint,
  error,
  children,
}: LabelledProps & { id: string; children: ReactNode }) {
  return (
    <div className="field" data-invalid={error !== undefined || undefined}>
      <label htmlFor={id}>
        {label}
        {optional && <span className="soft"> ({strings.account.optional})</span>}
      </label>
      {children}
      {error !== undefined && (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {hint !== undefined && (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

function described(id: string, hint: string | undefined, error: string | undefined) {
  const by = [error !== undefined && `${id}-error`, hint !== undefined && `${id}-hint`].filter(Boolean);
  return {
    'aria-invalid': error !== undefined,
    'aria-describedby': by.length > 0 ? by.join(' ') : undefined,
  };
}

/** What is wrong, by field; what belongs to no field that is shown is said above the form. */
export interface FormProblem {
  fields: Record<string, string>;
  general: string | null;
}

export const noProblem: FormProblem = { fields: {}, general: null };

export function formProblem(error: unknown, shown: readonly string[]): FormProblem {
  if (!(error instanceof ApiProblem)) return { fields: {}, general: String(error) };
  const fields: Record<string, string> = {};
  const rest: string[] = [];
  for (const { field, message } of error.fields) {
    if (!shown.includes(field)) rest.push(sentence(message, field));
    else fields[field] = fields[field] ? `${fields[field]} ${sentence(message)}` : sentence(message);
  }
  const none = Object.keys(fields).length === 0 && rest.length === 0;
  return { fields, general: none ? error.message : rest.join(' ') || null };
}

/** The server's "must be an e-mail address" stands below the field that it speaks of. */
function sentence(message: string, field = ''): string {
  const text = field !== '' && /^(must|is|may|has)\b/.test(message) ? `${field} ${message}` : message;
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}

export function missing(values: Record<string, string>, required: readonly string[]): FormProblem | null {
  const empty = required.filter((name) => (values[name] ?? '').trim() === '');
  if (empty.length === 0) return null;
  return { fields: Object.fromEntries(empty.map((name) => [name, strings.account.required])), general: null };
}

/** Whoever sent a form that is refused finds the focus on the first field to be mended. */
export function useFocusOnProblem(form: RefObject<HTMLFormElement>, problem: FormProblem): void {
  useEffect(() => {
    if (problem === noProblem) return;
    form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [form, problem]);
}

export function GeneralProblem({ problem }: { problem: FormProblem }) {
  return (
    <div role="alert" className="form-problem">
      {problem.general}
    </div>
  );
}
