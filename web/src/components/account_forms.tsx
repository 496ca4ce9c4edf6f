import { type FormEvent, useRef, useState } from 'react';
import { ApiProblem, logIn, signUp } from '../api/client';
import { useSession } from '../api/session';
import type { NewUser, Session } from '../api/types';
import { strings } from '../strings';
import {
  Field,
  type FormProblem,
  formProblem,
  GeneralProblem,
  missing,
  noProblem,
  PasswordField,
  useFocusOnProblem,
} from './fields';

interface AccountFormProps {
  onDone: () => void;
}

export function LogInForm({ onDone }: AccountFormProps) {
  const form = useAccountForm(
    { credential: '', password: '' },
    ['credential', 'password'],
    useLogIn(onDone, (values: { credential: string; password: string }) =>
      logIn(values.credential.trim(), values.password),
    ),
  );
  const { field } = form;
  return (
    <form ref={form.ref} className="form" noValidate onSubmit={form.onSubmit}>
      <GeneralProblem problem={form.problem} />
      <Field
        label={strings.account.credential}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        {...field('credential')}
      />
      <PasswordField
        label={strings.account.password}
        autoComplete="current-password"
        {...field('password')}
      />
      <button type="submit" className="button" disabled={form.busy}>
        {form.busy ? strings.account.loggingIn : strings.account.logIn}
      </button>
    </form>
  );
}

const emptyUser = { first_name: '', last_name: '', username: '', email: '', password: '' };

interface SignUpFormProps extends AccountFormProps {
  emailHint?: string;
  /** The token of an invitation, and the only address it counts for. */
  invite?: { token: string; email: string | null };
}

export function SignUpForm({ onDone, emailHint, invite }: SignUpFormProps) {
  const required = ['first_name', 'last_name', 'email', 'password'];
  const fixed = invite?.email ?? null;
  const send = useLogIn(onDone, (values: typeof emptyUser) => {
    const user = newUser(values);
    return signUp(invite ? { ...user, invite: invite.token } : user);
  });
  const form = useAccountForm({ ...emptyUser, email: fixed ?? '' }, required, send);
  const { field } = form;
  return (
    <form ref={form.ref} className="form" noValidate onSubmit={form.onSubmit}>
      <GeneralProblem problem={form.problem} />
      <div className="form-pair">
        <Field label={strings.account.firstName} autoComplete="given-name" {...field('first_name')} />
        <Field label={strings.account.lastName} autoComplete="family-name" {...field('last_name')} />
      </div>
      <Field
        label={strings.account.username}
        optional
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        {...field('username')}
      />
      <Field
        label={strings.account.email}
        type="email"
        autoComplete="email"
        hint={emailHint}
        readOnly={fixed !== null}
        {...field('email')}
      />
      <PasswordField
        label={strings.account.password}
        hint={strings.account.passwordHint}
        autoComplete="new-password"
        {...field('password')}
      />
      <button type="submit" className="button" disabled={form.busy}>
        {form.busy ? strings.account.signingUp : strings.account.signUp}
      </button>
    </form>
  );
}

function newUser({ username, password, ...texts }: typeof emptyUser): NewUser {
  const user: NewUser = {
    first_name: texts.first_name.trim(),
    last_name: texts.last_name.trim(),
    email: texts.email.trim(),
    password,
  };
  return username.trim() === '' ? user : { ...user, username: username.trim() };
}

/** Sending values that are answered with a user, who is logged in by it. */
function useLogIn<Values>(onDone: () => void, send: (values: Values) => Promise<Session>) {
  const { begin } = useSession();
  return async (values: Values) => {
    const { user } = await send(values);
    if (user) begin(user);
    onDone();
  };
}

/** Values, what is wrong with them, and sending them. */
export function useAccountForm<Values extends Record<string, string>>(
  empty: Values,
  required: readonly string[],
  send: (values: Values) => Promise<void>,
) {
  const ref = useRef<HTMLFormElement>(null);
  const [values, setValues] = useState(empty);
  const [problem, setProblem] = useState<FormProblem>(noProblem);
  const [busy, setBusy] = useState(false);
  useFocusOnProblem(ref, problem);

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const empties = missing(values, required);
    if (empties) return setProblem(empties);
    setBusy(true);
    try {
      await send(values);
    } catch (error) {
      setProblem(accountProblem(error, Object.keys(empty)));
    } finally {
      setBusy(false);
    }
  };
  const field = (name: keyof Values & string) => ({
    name,
    value: values[name],
    error: problem.fields[name],
    required: required.includes(name),
    onChange: (event: { target: { value: string } }) => {
      setValues({ ...values, [name]: event.target.value });
    },
  });
  const clear = () => {
    setValues(empty);
    setProblem(noProblem);
  };
  return { ref, problem, busy, clear, onSubmit: (event: FormEvent) => void onSubmit(event), field };
}

function accountProblem(error: unknown, shown: readonly string[]): FormProblem {
  const problem = formProblem(error, shown);
  if (!(error instanceof ApiProblem) || error.status !== 401) return problem;
  return { ...problem, general: problem.general ?? strings.account.wrong };
}
