import { useQueryClient } from '@tanstack/react-query';
import { changeEmail } from '../api/client';
import { useSession } from '../api/session';
import { strings } from '../strings';
import '../styles/account.css';
import { useAccountForm } from './account_forms';
import { SendAgain } from './email_banner';
import { Field, GeneralProblem, PasswordField } from './fields';
import { useToast } from './toasts';

/** One's address, and another one, which counts once the link that is sent to it is opened. */
export function EmailAddress() {
  const { user } = useSession();
  const client = useQueryClient();
  const toast = useToast();
  const form = useAccountForm({ email: '', password: '' }, ['email', 'password'], async (values) => {
    await changeEmail(values.email.trim(), values.password);
    form.clear();
    toast({ text: strings.email.sent(values.email.trim()) });
    await client.invalidateQueries({ queryKey: ['session'] });
  });
  if (!user) return null;
  return (
    <section className="account" aria-labelledby="email">
      <h2 id="email">{strings.email.title}</h2>
      <p>{strings.email.now(user.email)}</p>
      {user.new_email !== null && (
        <p>
          {strings.email.waiting(user.new_email)} <SendAgain email={user.new_email} />
        </p>
      )}
      {user.has_password ? (
        <form ref={form.ref} className="form" noValidate onSubmit={form.onSubmit}>
          <GeneralProblem problem={form.problem} />
          <Field label={strings.email.another} type="email" autoComplete="email" {...form.field('email')} />
          <PasswordField
            label={strings.email.password}
            autoComplete="current-password"
            {...form.field('password')}
          />
          <button type="submit" className="button" disabled={form.busy}>
            {strings.email.change}
          </button>
        </form>
      ) : (
        <p className="soft">{strings.password.none}</p>
      )}
    </section>
  );
}
