import { useState } from 'react';
import { Link, useLocation } from 'react-router-dom';
import { ApiProblem, askForPasswordReset, resetPassword } from '../api/client';
import { useAccountForm } from '../components/account_forms';
import { Field, GeneralProblem, PasswordField } from '../components/fields';
import { NoticePage } from '../components/notice_page';
import { useOtherWays } from '../components/other_ways';
import { strings } from '../strings';
import { useTokenInAddress } from './use_token_in_address';

/** Asks for a link to set a new password by. The answer is the same whether anybody has the address. */
export function ForgotPasswordPage() {
  const { search } = useLocation();
  const ways = useOtherWays();
  const [sentTo, setSentTo] = useState<string | null>(null);
  const form = useAccountForm({ email: '' }, ['email'], async ({ email }) => {
    await askForPasswordReset(email.trim());
    setSentTo(email.trim());
  });
  const back = (
    <p className="soft">
      <Link to={`/login${search}`}>{strings.password.backToLogIn}</Link>
    </p>
  );
  if (sentTo !== null)
    return (
      <NoticePage title={strings.password.sentTitle} text={strings.password.sentText(sentTo)}>
        {back}
      </NoticePage>
    );
  return (
    <NoticePage title={strings.password.forgotTitle} text={strings.password.forgotText}>
      {ways.length > 0 && <p className="soft">{strings.password.noneBy(ways.map(({ button }) => button))}</p>}
      <form ref={form.ref} className="form" noValidate onSubmit={form.onSubmit}>
        <GeneralProblem problem={form.problem} />
        <Field label={strings.account.email} type="email" autoComplete="email" {...form.field('email')} />
        <button type="submit" className="button" disabled={form.busy}>
          {form.busy ? strings.password.sending : strings.password.send}
        </button>
      </form>
      {back}
    </NoticePage>
  );
}

/** Where such a link leads: its token stands behind the "#", which no server is told. */
export function ResetPasswordPage() {
  const token = useTokenInAddress();
  const [outcome, setOutcome] = useState<'set' | 'bad' | null>(null);
  const form = useAccountForm({ password: '' }, ['password'], async ({ password }) => {
    try {
      await resetPassword(token, password);
      setOutcome('set');
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 404) throw error;
      setOutcome('bad');
    }
  });
  if (outcome === 'set')
    return (
      <NoticePage title={strings.password.setTitle} text={strings.password.setText}>
        <p>
          <Link to="/login">{strings.account.logInTitle}</Link>
        </p>
      </NoticePage>
    );
  if (outcome === 'bad' || token === '')
    return (
      <NoticePage title={strings.password.badTitle} text={strings.password.badText}>
        <p>
          <Link to="/forgot-password">{strings.password.another}</Link>
        </p>
      </NoticePage>
    );
  return (
    <NoticePage title={strings.password.newTitle} text={strings.password.newText}>
      <form ref={form.ref} className="form" noValidate onSubmit={form.onSubmit}>
        <GeneralProblem problem={form.problem} />
        <PasswordField
          label={strings.password.newPassword}
          hint={strings.account.passwordHint}
          autoComplete="new-password"
          {...form.field('password')}
        />
        <button type="submit" className="button" disabled={form.busy}>
          {form.busy ? strings.password.setting : strings.password.set}
        </button>
      </form>
    </NoticePage>
  );
}
