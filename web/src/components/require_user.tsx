import type { ReactNode } from 'react';
import { Link, useLocation } from 'react-router-dom';
import { useSession } from '../api/session';
import { useSignUp } from '../api/sign_up';
import { strings } from '../strings';

/** The page for users; strangers are told why they should log in, and come back to it. */
export function RequireUser({ why, children }: { why: string; children: ReactNode }) {
  const { user, pending } = useSession();
  const { offered } = useSignUp();
  const here = useLocation();
  if (user) return children;
  if (pending)
    return (
      <p className="notice" role="status">
        {strings.account.loading}
      </p>
    );
  const next = `?next=${encodeURIComponent(here.pathname + here.search)}`;
  return (
    <div className="notice">
      <h1 className="notice-title">{strings.account.needed}</h1>
      <p>{why}</p>
      <p className="notice-buttons">
        <Link className="button" to={`/login${next}`}>
          {strings.header.logIn}
        </Link>
        {offered && (
          <Link className="button plain" to={`/signup${next}`}>
            {strings.header.signUp}
          </Link>
        )}
      </p>
    </div>
  );
}
