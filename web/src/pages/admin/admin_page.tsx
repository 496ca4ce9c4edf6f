import type { ReactNode } from 'react';
import { Link, useParams, useSearchParams } from 'react-router-dom';
import { useSession } from '../../api/session';
import { strings } from '../../strings';
import '../../styles/account.css';
import '../../styles/admin.css';
import '../../styles/forms.css';
import '../../styles/list.css';
import '../../styles/rows.css';
import { isAdmin } from '../../user';
import { Groups, NewGroup } from '../groups_page';
import { NotFoundPage } from '../not_found_page';
import { Reports } from '../reports_page';
import { useTitle } from '../use_title';
import { DiskTab } from './disk_tab';
import { JobsTab } from './jobs_tab';
import { QueueTab } from './queue_tab';
import { SettingsTab } from './settings_tab';
import { UsersTab } from './users_tab';
import { WorkersTab } from './workers_tab';

type Tab = keyof typeof strings.admin.tab;

const tabs: Record<Tab, () => ReactNode> = {
  users: () => <UsersTab />,
  groups: () => (
    <>
      <Groups />
      <NewGroup />
    </>
  ),
  reports: () => <ReportsTab />,
  jobs: () => <JobsTab />,
  workers: () => <WorkersTab />,
  queue: () => <QueueTab />,
  disk: () => <DiskTab />,
  settings: () => <SettingsTab />,
};

function isTab(name: string): name is Tab {
  return Object.hasOwn(tabs, name);
}

/** To all but administrators there is no such page. */
export function AdminPage() {
  const { user, pending } = useSession();
  const { tab = 'users' } = useParams();
  if (pending)
    return (
      <p className="notice" role="status">
        {strings.account.loading}
      </p>
    );
  return isAdmin(user) && isTab(tab) ? <Admin tab={tab} /> : <NotFoundPage />;
}

function Admin({ tab }: { tab: Tab }) {
  useTitle(strings.admin.titleOf(strings.admin.tab[tab]));
  return (
    <div className="list narrow-list admin">
      <h1 className="list-title">{strings.admin.title}</h1>
      <nav className="views" aria-label={strings.admin.tabs}>
        {Object.keys(tabs)
          .filter(isTab)
          .map((name) => (
            <Link key={name} to={`/admin/${name}`} aria-current={name === tab ? 'page' : undefined}>
              {strings.admin.tab[name]}
            </Link>
          ))}
      </nav>
      {tabs[tab]()}
    </div>
  );
}

function ReportsTab() {
  const [query] = useSearchParams();
  const state = query.get('state') === 'closed' ? 'closed' : 'open';
  return (
    <>
      <nav className="views" aria-label={strings.moderation.views}>
        {(['open', 'closed'] as const).map((one) => (
          <Link
            key={one}
            to={`/admin/reports?state=${one}`}
            aria-current={one === state ? 'page' : undefined}
          >
            {strings.moderation[one]}
          </Link>
        ))}
      </nav>
      <Reports key={state} state={state} />
    </>
  );
}
