import * as Dropdown from '@radix-ui/react-dropdown-menu';
import type { ReactNode } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { ApiProblem } from '../api/client';
import { useSession } from '../api/session';
import { PersonIcon } from '../player/icons';
import { strings } from '../strings';
import { useUploadQueue } from '../upload/context';
import { isUnsent } from '../upload/queue';
import { isAdmin, isModerator, nameOf } from '../user';
import { useToast } from './toasts';

function MenuLink({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Dropdown.Item asChild>
      <Link className="page-menu-item" to={to}>
        {children}
      </Link>
    </Dropdown.Item>
  );
}

export function UserMenu() {
  const { user, end } = useSession();
  const navigate = useNavigate();
  const toast = useToast();
  const queue = useUploadQueue();
  if (!user) return null;

  const logOut = async () => {
    if (queue.snapshot().some(isUnsent) && !window.confirm(strings.upload.leave)) return;
    try {
      const there = await end();
      queue.reset();
      if (there === null) navigate('/');
      else window.location.assign(there);
    } catch (error) {
      const why = error instanceof ApiProblem ? error.message : String(error);
      toast({ text: `${strings.header.logOutFailed} ${why}`, tone: 'bad' });
    }
  };
  const name = nameOf(user);
  return (
    <Dropdown.Root modal={false}>
      <Dropdown.Trigger className="header-item" aria-label={strings.header.account(name)} title={name}>
        <PersonIcon />
        <span className="header-text user-name" dir="auto">
          {name}
        </span>
      </Dropdown.Trigger>
      <Dropdown.Portal>
        <Dropdown.Content className="page-menu" align="end" sideOffset={6} collisionPadding={8}>
          <Dropdown.Label className="page-menu-who">
            <span dir="auto">{name}</span>
            <span className="soft">{user.email}</span>
          </Dropdown.Label>
          <MenuLink to="/my-videos">{strings.header.myVideos}</MenuLink>
          <MenuLink to="/my-videos/trash">{strings.header.trash}</MenuLink>
          {isModerator(user) && <MenuLink to="/reports">{strings.moderation.title}</MenuLink>}
          {isAdmin(user) && (
            <>
              <MenuLink to="/groups">{strings.header.groups}</MenuLink>
              <MenuLink to="/audit">{strings.header.audit}</MenuLink>
              <MenuLink to="/admin">{strings.header.admin}</MenuLink>
            </>
          )}
          <MenuLink to="/account">{strings.header.accountPage}</MenuLink>
          <Dropdown.Separator className="page-menu-line" />
          <Dropdown.Item className="page-menu-item" onSelect={() => void logOut()}>
            {strings.header.logOut}
          </Dropdown.Item>
        </Dropdown.Content>
      </Dropdown.Portal>
    </Dropdown.Root>
  );
}
