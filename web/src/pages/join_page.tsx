import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { Navigate, useLocation, useNavigate } from 'react-router-dom';
import { ApiProblem, findInvite } from '../api/client';
import { useSession } from '../api/session';
import { SignUpForm } from '../components/account_forms';
import { strings } from '../strings';
import { useTitle } from './use_title';

/** Where the link of an invitation leads: its token stands behind the "#", which no server is told. */
export function JoinPage() {
  const token = useTokenInAddress();
  const { user, pending } = useSession();
  const [done, setDone] = useState(false);
  if (done) return <Navigate to="/" replace />;
  if (user) return <Notice title={strings.account.joinTitle} text={strings.account.joinLoggedIn} />;
  if (pending) return <p role="status">{strings.account.loading}</p>;
  return <Invitation token={token} onDone={() => setDone(true)} />;
}

function Invitation({ token, onDone }: { token: string; onDone: () => void }) {
  const asked = useQuery({
    queryKey: ['invite', token],
    queryFn: () => findInvite(token),
    retry: false,
    staleTime: Infinity,
  });
  const invite = asked.data;
  const first = invite?.first_admin ?? false;
  if (asked.isPending) return <p role="status">{strings.account.joinLoading}</p>;
  if (!invite) return <BadInvitation error={asked.error} />;
  return (
    <Notice
      title={first ? strings.account.firstAdminTitle : strings.account.joinTitle}
      text={
        first
          ? strings.account.firstAdminText
          : `${strings.account.joinText} ${strings.account.joinRole[invite.role]}`
      }
    >
      <SignUpForm onDone={onDone} invite={{ token, email: invite.email }} />
    </Notice>
  );
}

function BadInvitation({ error }: { error: Error | null }) {
  const known = error instanceof ApiProblem && (error.status === 404 || error.status === 400);
  if (known) return <Notice title={strings.account.joinBad} text={strings.account.joinBadText} />;
  return <Notice title={strings.account.joinUnknown} text={error?.message ?? ''} />;
}

function Notice({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  useTitle(title);
  return (
    <div className="narrow">
      <h1 className="list-title">{title}</h1>
      <p>{text}</p>
      {children}
    </div>
  );
}

/** The token, which is taken out of the address: it is not to stay in the browser's history. */
function useTokenInAddress(): string {
  const { hash } = useLocation();
  const navigate = useNavigate();
  const [token, setToken] = useState(hash.slice(1));
  useEffect(() => {
    if (hash === '') return;
    setToken(hash.slice(1));
    navigate({ hash: '' }, { replace: true });
  }, [hash, navigate]);
  return token;
}
