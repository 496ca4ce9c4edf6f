import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Navigate } from 'react-router-dom';
import { ApiProblem, findInvite } from '../api/client';
import { useSession } from '../api/session';
import { SignUpForm } from '../components/account_forms';
import { NoticePage } from '../components/notice_page';
import { strings } from '../strings';
import { useTokenInAddress } from './use_token_in_address';

/** Where the link of an invitation leads: its token stands behind the "#", which no server is told. */
export function JoinPage() {
  const token = useTokenInAddress();
  const { user, pending } = useSession();
  const [done, setDone] = useState(false);
  if (done) return <Navigate to="/" replace />;
  if (user) return <NoticePage title={strings.account.joinTitle} text={strings.account.joinLoggedIn} />;
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
    <NoticePage
      title={first ? strings.account.firstAdminTitle : strings.account.joinTitle}
      text={
        first
          ? strings.account.firstAdminText
          : `${strings.account.joinText} ${strings.account.joinRole[invite.role]}`
      }
    >
      <SignUpForm onDone={onDone} invite={{ token, email: invite.email }} />
    </NoticePage>
  );
}

function BadInvitation({ error }: { error: Error | null }) {
  const known = error instanceof ApiProblem && (error.status === 404 || error.status === 400);
  if (known) return <NoticePage title={strings.account.joinBad} text={strings.account.joinBadText} />;
  return <NoticePage title={strings.account.joinUnknown} text={error?.message ?? ''} />;
}
