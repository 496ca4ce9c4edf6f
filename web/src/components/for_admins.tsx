import type { ReactNode } from 'react';
import { useSession } from '../api/session';
import { strings } from '../strings';
import { isAdmin } from '../user';
import { RequireUser } from './require_user';

/** A page about groups; others than administrators are told that it is not theirs. */
export function ForAdmins({ children }: { children: ReactNode }) {
  const { user } = useSession();
  return (
    <RequireUser why={strings.groups.needed}>
      <div className="list narrow-list">{isAdmin(user) ? children : <p>{strings.groups.adminsOnly}</p>}</div>
    </RequireUser>
  );
}
