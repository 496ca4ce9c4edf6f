import type { ReactNode } from 'react';
import { useSession } from '../api/session';
import { strings } from '../strings';
import { isAdmin } from '../user';
import { RequireUser } from './require_user';

/** A page of administrators; others are told that it is not theirs. */
export function ForAdmins({ only, children }: { only: string; children: ReactNode }) {
  const { user } = useSession();
  return (
    <RequireUser why={strings.forAdmins}>
      <div className="list narrow-list">{isAdmin(user) ? children : <p>{only}</p>}</div>
    </RequireUser>
  );
}
