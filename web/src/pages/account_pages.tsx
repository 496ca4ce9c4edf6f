import { type ReactNode } from 'react';
import { Link, Navigate, useLocation } from 'react-router-dom';
import { useSession } from '../api/session';
import { useSignUp } from '../api/sign_up';
import type { SignUpPolicy } from '../api/types';
import { LogInForm, SignUpForm } from '../components/account_forms';
import { OtherWays } from '../components/other_ways';
import { strings } from '../strings';
import { nextPage } from '../user';
import { useTitle } from './use_title';

export function LogInPage() {
  const { search } = useLocation();
  const { policy, offered } = useSignUp();
  return (
    <AccountPage
      title={strings.account.logInTitle}
      other={offered ? '/signup' : null}
      otherText={offered ? strings.account.noAccount : policy && whyNot(policy)}
    >
      <WhyRefused search={search} />
      <OtherWays next={nextPage(search)} />
      <LogInForm onDone={() => undefined} />
      <p>
        <Link to={`/forgot-password${search}`}>{strings.password.forgot}</Link>
      </p>
    </AccountPage>
  );
}

/** Whoever comes back from an OpenID provider or a proxy without being let in is told why. */
function WhyRefused({ search }: { search: string }) {
  const refused = new URLSearchParams(search).get('refused');
  if (refused === null) return null;
  const known = strings.account.refused as Partial<Record<string, string>>;
  return (
    <p className="form-problem" role="alert">
      {(Object.hasOwn(known, refused) && known[refused]) || strings.account.refusedOtherwise}
    </p>
  );
}

export function SignUpPage() {
  const { policy, offered } = useSignUp();
  const domains = policy?.signup === 'domains' ? policy.domains.join(', ') : '';
  return (
    <AccountPage title={strings.account.signUpTitle} other="/login" otherText={strings.account.haveAccount}>
      {policy && !offered ? (
        <p>{whyNot(policy)}</p>
      ) : (
        <SignUpForm
          onDone={() => undefined}
          emailHint={domains === '' ? undefined : strings.account.signUpDomains(domains)}
        />
      )}
    </AccountPage>
  );
}

function whyNot({ signup }: SignUpPolicy): string {
  return signup === 'invite' ? strings.account.signUpInvited : strings.account.signUpClosed;
}

interface AccountPageProps {
  title: string;
  other: '/login' | '/signup' | null;
  otherText: string | null;
  children: ReactNode;
}

/** Whoever is logged in, or becomes it here, goes on to where they wanted to be. */
function AccountPage({ title, other, otherText, children }: AccountPageProps) {
  useTitle(title);
  const { user } = useSession();
  const { search } = useLocation();
  if (user) return <Navigate to={nextPage(search)} replace />;
  return (
    <div className="narrow">
      <h1 className="list-title">{title}</h1>
      {children}
      <p className="soft">
        {otherText}{' '}
        {other && (
          <Link to={other + search}>
            {other === '/login' ? strings.account.logInTitle : strings.account.signUpTitle}
          </Link>
        )}
      </p>
    </div>
  );
}
