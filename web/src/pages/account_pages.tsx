import { type ReactNode } from 'react';
import { Link, Navigate, useLocation } from 'react-router-dom';
import { useSession } from '../api/session';
import { LogInForm, SignUpForm } from '../components/account_forms';
import { strings } from '../strings';
import { nextPage } from '../user';
import { useTitle } from './use_title';

export function LogInPage() {
  return (
    <AccountPage title={strings.account.logInTitle} other="/signup" otherText={strings.account.noAccount}>
      <LogInForm onDone={() => undefined} />
    </AccountPage>
  );
}

export function SignUpPage() {
  return (
    <AccountPage title={strings.account.signUpTitle} other="/login" otherText={strings.account.haveAccount}>
      <SignUpForm onDone={() => undefined} />
    </AccountPage>
  );
}

interface AccountPageProps {
  title: string;
  other: '/login' | '/signup';
  otherText: string;
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
        <Link to={other + search}>
          {other === '/login' ? strings.account.logInTitle : strings.account.signUpTitle}
        </Link>
      </p>
    </div>
  );
}
