import { useInfiniteQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link } from 'react-router-dom';
import { listAudit } from '../api/client';
import type { AuditEntry, AuditFilter } from '../api/types';
import { Field } from '../components/fields';
import { ForAdmins } from '../components/for_admins';
import { MoreButton } from '../components/more_button';
import { ProblemNotice } from '../components/problem_notice';
import { moment } from '../format';
import { strings } from '../strings';
import '../styles/account.css';
import { useTitle } from './use_title';

export function AuditPage() {
  useTitle(strings.audit.title);
  const [filter, setFilter] = useState<AuditFilter>({});
  return (
    <ForAdmins only={strings.audit.adminsOnly}>
      <h1 className="list-title">{strings.audit.title}</h1>
      <p className="soft">{strings.audit.hint}</p>
      <FilterForm onFilter={setFilter} />
      <Entries filter={filter} />
    </ForAdmins>
  );
}

const names = ['actor', 'subject', 'action', 'from', 'to'] as const;

function FilterForm({ onFilter }: { onFilter: (filter: AuditFilter) => void }) {
  const [values, setValues] = useState<AuditFilter>({});
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    onFilter(values);
  };
  return (
    <form className="form account" noValidate onSubmit={onSubmit}>
      <div className="form-pair">
        {names.map((name) => (
          <Field
            key={name}
            label={strings.audit.filter[name]}
            name={name}
            type={name === 'from' || name === 'to' ? 'date' : 'text'}
            autoCapitalize="none"
            spellCheck={false}
            value={values[name] ?? ''}
            onChange={({ target }) => setValues({ ...values, [name]: target.value.trim() })}
          />
        ))}
      </div>
      <div className="form-end">
        <button type="submit" className="button">
          {strings.audit.show}
        </button>
      </div>
    </form>
  );
}

function Entries({ filter }: { filter: AuditFilter }) {
  const list = useInfiniteQuery({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam, signal }) => listAudit(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const entries = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (list.isPending) return <p role="status">{strings.audit.loading}</p>;
  if (list.isError && entries.length === 0)
    return (
      <ProblemNotice what={strings.audit.failed} error={list.error} onRetry={() => void list.refetch()} />
    );
  if (entries.length === 0) return <p>{strings.audit.empty}</p>;
  return (
    <>
      <ul className="rows account" role="list" aria-label={strings.audit.title}>
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ul>
      <MoreButton list={list} />
    </>
  );
}

/** The actions whose subject is a video. */
const aboutVideo = /^((video|report|moderation|embed_link)\.|command\.ingest$)/;

function Entry({ entry }: { entry: AuditEntry }) {
  const who = entry.actor_email ?? entry.actor_id ?? strings.audit.actor[entry.actor_kind];
  const what = entry.subject_email ?? entry.subject_id;
  const detail = Object.entries(entry.detail)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(', ');
  return (
    <li className="account-row">
      <div className="account-what">
        <strong>
          {entry.action}
          {entry.outcome === 'refused' && ` · ${strings.audit.refused}`}
        </strong>
        <span dir="auto">
          {what === null ? who : `${who} → `}
          {what !== null &&
            (aboutVideo.test(entry.action) ? <Link to={`/watch/${what}`}>{what}</Link> : what)}
        </span>
        <span className="soft">
          {[moment(entry.at), entry.address, detail].filter((one) => one !== '').join(' · ')}
        </span>
      </div>
    </li>
  );
}
