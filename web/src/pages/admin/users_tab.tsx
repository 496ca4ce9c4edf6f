import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import {
  changeUser,
  listQuotas,
  listUsers,
  type ListedUser,
  logOutUser,
  type UserFilter,
  userStates,
} from '../../api/admin';
import { useSession } from '../../api/session';
import type { Quota, Role } from '../../api/types';
import { Field } from '../../components/fields';
import { MoreButton } from '../../components/more_button';
import { ProblemNotice } from '../../components/problem_notice';
import { useToast } from '../../components/toasts';
import { byteCount, day, moment } from '../../format';
import { strings } from '../../strings';
import { Choice, useSayFailed } from './parts';
import { DeleteUserDialog, QuotaDialog } from './user_dialogs';
import { quotasKey, usersKey } from './user_keys';

const roles: readonly Role[] = ['viewer', 'uploader', 'moderator', 'admin'];

export function UsersTab() {
  const [filter, setFilter] = useState<UserFilter>({ text: '', role: '', state: '' });
  const change = (part: Partial<UserFilter>) => setFilter({ ...filter, ...part });
  return (
    <>
      <div className="admin-filter" role="search">
        <div className="wide">
          <Field
            label={strings.users.text}
            name="q"
            type="search"
            dir="auto"
            maxLength={200}
            value={filter.text}
            onChange={(event) => change({ text: event.target.value })}
          />
        </div>
        <Choice
          label={strings.users.roleLabel}
          value={filter.role}
          names={[
            ['', strings.admin.any] as const,
            ...roles.map((one) => [one, strings.users.role[one]] as const),
          ]}
          onChange={(role) => change({ role })}
        />
        <Choice
          label={strings.users.stateLabel}
          value={filter.state}
          names={[
            ['', strings.users.notDeleted] as const,
            ...userStates.map((one) => [one, strings.users.state[one]] as const),
          ]}
          onChange={(state) => change({ state })}
        />
      </div>
      <Users filter={filter} />
    </>
  );
}

function Users({ filter }: { filter: UserFilter }) {
  const list = useInfiniteQuery({
    queryKey: [...usersKey, filter],
    queryFn: ({ pageParam, signal }) => listUsers(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
  const users = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (list.isPending) return <p role="status">{strings.users.loading}</p>;
  if (list.isError && users.length === 0)
    return (
      <ProblemNotice what={strings.users.failed} error={list.error} onRetry={() => void list.refetch()} />
    );
  if (users.length === 0) return <p>{strings.users.empty}</p>;
  return (
    <>
      <ul className="rows" role="list" aria-label={strings.users.list}>
        {list.data?.pages.map((page, i) => (
          <UserRows key={page.items[0]?.id ?? i} users={page.items} />
        ))}
      </ul>
      <MoreButton list={list} />
    </>
  );
}

/** A page of users. What their videos take another part of the server knows. */
function UserRows({ users }: { users: ListedUser[] }) {
  const ids = users.filter(({ state }) => state !== 'deleted').map(({ id }) => id);
  const quotas = useQuery({
    queryKey: [...quotasKey, ids],
    queryFn: ({ signal }) => listQuotas(ids, signal),
    enabled: ids.length > 0,
  });
  const quotaOf = (id: string) => quotas.data?.items.find(({ user_id }) => user_id === id)?.quota ?? null;
  return (
    <>
      {users.map((user) => (
        <li key={user.id} className="account-row">
          <UserRow user={user} quota={quotaOf(user.id)} />
        </li>
      ))}
    </>
  );
}

function nameOf(user: ListedUser): string {
  if (user.state === 'deleted') return strings.users.gone;
  const name = `${user.first_name} ${user.last_name}`.trim();
  return name === '' ? user.email : name;
}

function roomOf({ bytes }: Quota): string {
  const used = byteCount(bytes.used);
  return bytes.limit === null ? strings.users.room(used) : strings.users.roomOf(used, byteCount(bytes.limit));
}

function UserRow({ user, quota }: { user: ListedUser; quota: Quota | null }) {
  const name = nameOf(user);
  const facts = [
    strings.users.state[user.state],
    strings.users.since(day(user.created_at)),
    strings.users.seen(user.seen_at === null ? strings.admin.never : moment(user.seen_at)),
    ...(quota ? [roomOf(quota)] : []),
  ];
  return (
    <>
      <div className="account-what">
        <strong dir="auto">{name}</strong>
        {user.state !== 'deleted' && (
          <span className="soft">
            {user.email}
            {user.username !== null && ` · ${user.username}`}
            {!user.email_checked && ` · ${strings.users.unchecked}`}
          </span>
        )}
        <span className="soft">{facts.join(' · ')}</span>
      </div>
      {user.state !== 'deleted' && <UserActions user={user} name={name} quota={quota} />}
    </>
  );
}

function UserActions({ user, name, quota }: { user: ListedUser; name: string; quota: Quota | null }) {
  const client = useQueryClient();
  const toast = useToast();
  const sayFailed = useSayFailed();
  const own = useSession().user?.id === user.id;
  const [dialog, setDialog] = useState<'quota' | 'delete' | null>(null);
  const change = useMutation({
    mutationFn: (wish: { role?: Role; disabled?: boolean }) => changeUser(user.id, wish),
    onSuccess: () => client.invalidateQueries({ queryKey: usersKey }),
    onError: sayFailed,
  });
  const logOut = useMutation({
    mutationFn: () => logOutUser(user.id),
    onSuccess: () => toast({ text: strings.users.loggedOut(name) }),
    onError: sayFailed,
  });
  const disabled = user.state === 'disabled';
  const disable = () => {
    if (disabled || window.confirm(strings.users.disableSure(name))) change.mutate({ disabled: !disabled });
  };
  return (
    <div className="admin-actions">
      <select
        className="select"
        aria-label={strings.users.roleOf(name)}
        value={user.role}
        disabled={own || change.isPending}
        onChange={(event) => change.mutate({ role: event.target.value as Role })}
      >
        {roles.map((role) => (
          <option key={role} value={role}>
            {strings.users.role[role]}
          </option>
        ))}
      </select>
      <Link
        className="button plain small"
        to={`/admin/jobs?owner=${user.id}`}
        aria-label={strings.users.jobsOf(name)}
      >
        {strings.users.jobs}
      </Link>
      {quota && (
        <Action label={strings.users.quotaOf(name)} onClick={() => setDialog('quota')}>
          {strings.users.quota}
        </Action>
      )}
      <Action
        label={strings.users.logOutOf(name)}
        onClick={() => window.confirm(strings.users.logOutSure(name)) && logOut.mutate()}
      >
        {strings.users.logOut}
      </Action>
      {!own && (
        <>
          <Action
            label={disabled ? strings.users.enableOf(name) : strings.users.disableOf(name)}
            onClick={disable}
          >
            {disabled ? strings.users.enable : strings.users.disable}
          </Action>
          <Action label={strings.users.deleteOf(name)} onClick={() => setDialog('delete')}>
            {strings.users.delete}
          </Action>
        </>
      )}
      {dialog === 'quota' && quota && (
        <QuotaDialog id={user.id} name={name} quota={quota} onClose={() => setDialog(null)} />
      )}
      {dialog === 'delete' && <DeleteUserDialog id={user.id} name={name} onClose={() => setDialog(null)} />}
    </div>
  );
}

function Action({ label, onClick, children }: { label: string; onClick: () => void; children: string }) {
  return (
    <button type="button" className="button plain small" aria-label={label} onClick={onClick}>
      {children}
    </button>
  );
}
