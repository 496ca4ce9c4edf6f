import {
  type InfiniteData,
  keepPreviousData,
  type QueryClient,
  useInfiniteQuery,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link, useSearchParams } from 'react-router-dom';
import {
  cancelJob,
  followJobs,
  givenPriorities,
  type Job,
  type JobFilter,
  jobStates,
  listJobs,
  type Priority,
  retryJob,
  type RunningJobs,
  services,
  setJobPriority,
} from '../../api/admin';
import type { Page } from '../../api/types';
import { Field } from '../../components/fields';
import { MoreButton } from '../../components/more_button';
import { ProblemNotice } from '../../components/problem_notice';
import { moment } from '../../format';
import { strings } from '../../strings';
import { jobKey, JobTasksView } from './job_tasks';
import { Choice, useSayFailed } from './parts';

const jobsKey = ['admin', 'jobs'] as const;
type List = InfiniteData<Page<Job>, string | null>;

export function JobsTab() {
  const [query, setQuery] = useSearchParams();
  const filter = filterOf(query);
  const change = (name: string, value: string) => {
    const next = new URLSearchParams(query);
    if (value === '') next.delete(name);
    else next.set(name, value);
    setQuery(next, { replace: true });
  };
  return (
    <>
      <div className="admin-filter" role="search">
        <Choice
          label={strings.admin.serviceLabel}
          value={filter.service}
          names={services.map((one) => [one, strings.admin.service[one]] as const)}
          onChange={(service) => change('service', service === 'worker' ? '' : service)}
        />
        <Choice
          label={strings.jobs.stateLabel}
          value={filter.state}
          names={[
            ['', strings.admin.any] as const,
            ...jobStates.map((one) => [one, strings.jobs.state[one]] as const),
          ]}
          onChange={(state) => change('state', state)}
        />
        <div className="wide">
          <Field
            label={strings.jobs.text}
            name="q"
            type="search"
            dir="auto"
            maxLength={200}
            value={filter.text}
            onChange={(event) => change('q', event.target.value)}
          />
        </div>
      </div>
      {filter.owner !== '' && (
        <p>
          {strings.jobs.ofOwner}{' '}
          <button type="button" className="button plain small" onClick={() => change('owner', '')}>
            {strings.jobs.allOwners}
          </button>
        </p>
      )}
      <Jobs filter={filter} />
    </>
  );
}

function filterOf(query: URLSearchParams): JobFilter {
  return {
    service: services.find((one) => one === query.get('service')) ?? 'worker',
    state: jobStates.find((one) => one === query.get('state')) ?? '',
    owner: query.get('owner') ?? '',
    text: query.get('q') ?? '',
  };
}

function Jobs({ filter }: { filter: JobFilter }) {
  const list = useInfiniteQuery({
    queryKey: [...jobsKey, filter],
    queryFn: ({ pageParam, signal }) => listJobs(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
  useLiveJobs(filter);
  const jobs = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (list.isPending) return <p role="status">{strings.jobs.loading}</p>;
  if (list.isError && jobs.length === 0)
    return (
      <ProblemNotice what={strings.jobs.failed} error={list.error} onRetry={() => void list.refetch()} />
    );
  if (jobs.length === 0) return <p>{strings.jobs.empty}</p>;
  return (
    <>
      <ul className="rows" role="list" aria-label={strings.jobs.list}>
        {jobs.map((job) => (
          <li key={job.id} className="account-row">
            <JobRow job={job} />
          </li>
        ))}
      </ul>
      <MoreButton list={list} />
    </>
  );
}

/** What runs is told; where a job has begun or ended, the lists are asked for again. */
function useLiveJobs(filter: JobFilter): void {
  const client = useQueryClient();
  const { service } = filter;
  useEffect(() => {
    let before: string | null = null;
    const take = (running: RunningJobs) => {
      for (const job of running.jobs) putJob(client, job);
      const now = running.jobs.map(({ id }) => id).join(' ');
      if (before !== null && before !== now) void client.invalidateQueries({ queryKey: jobsKey });
      before = now;
    };
    return followJobs(service, take, () => void client.invalidateQueries({ queryKey: jobsKey }));
  }, [client, service]);
}

function putJob(client: QueryClient, job: Job): void {
  const replace = (page: Page<Job>) => ({
    ...page,
    items: page.items.map((item) => (item.id === job.id ? job : item)),
  });
  client.setQueriesData<List>(
    { queryKey: jobsKey },
    (list) => list && { ...list, pages: list.pages.map(replace) },
  );
  void client.invalidateQueries({ queryKey: jobKey(job.id) });
}

function JobRow({ job }: { job: Job }) {
  const [open, setOpen] = useState(false);
  const counts = job.task_counts;
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const facts = [
    strings.jobs.state[job.state],
    job.ended_at === null
      ? strings.jobs.begun(moment(job.created_at))
      : strings.jobs.ended(moment(job.ended_at)),
    strings.jobs.counts(counts.done, all),
    ...(counts.leased > 0 ? [strings.jobs.leased(counts.leased)] : []),
  ];
  return (
    <>
      <div className="account-what">
        <strong dir="auto">{job.about}</strong>
        <span className="soft">{facts.join(' · ')}</span>
        {job.state === 'running' && (
          <progress max={100} value={job.percent} aria-label={strings.jobs.progressOf(job.about)} />
        )}
        {job.failure && job.state !== 'cancelled' && (
          <span className="admin-bad">
            {job.failure.message} {job.failure.detail}
          </span>
        )}
      </div>
      <JobActions job={job} open={open} onOpen={setOpen} />
      {open && <JobTasksView job={job} />}
    </>
  );
}

function JobActions({ job, open, onOpen }: { job: Job; open: boolean; onOpen: (open: boolean) => void }) {
  const client = useQueryClient();
  const sayFailed = useSayFailed();
  const refresh = async () => {
    await client.invalidateQueries({ queryKey: jobKey(job.id) });
    await client.invalidateQueries({ queryKey: jobsKey });
  };
  const options = { onSuccess: refresh, onError: sayFailed };
  const cancel = useMutation({ mutationFn: () => cancelJob(job), ...options });
  const retry = useMutation({ mutationFn: () => retryJob(job), ...options });
  const busy = cancel.isPending || retry.isPending;
  return (
    <div className="admin-actions">
      {job.state === 'running' && <JobPriority job={job} onChanged={refresh} />}
      {job.video_id !== null && (
        <Link
          className="button plain small"
          to={`/watch/${job.video_id}`}
          aria-label={strings.jobs.watchOf(job.about)}
        >
          {strings.jobs.watch}
        </Link>
      )}
      <button
        type="button"
        className="button plain small"
        aria-expanded={open}
        aria-label={open ? strings.jobs.hideTasksOf(job.about) : strings.jobs.tasksOf(job.about)}
        onClick={() => onOpen(!open)}
      >
        {open ? strings.jobs.hideTasks : strings.jobs.tasks}
      </button>
      {job.state === 'running' && (
        <button
          type="button"
          className="button plain small"
          disabled={busy}
          aria-label={strings.jobs.cancelOf(job.about)}
          onClick={() => window.confirm(strings.jobs.cancelSure(job.about)) && cancel.mutate()}
        >
          {strings.jobs.cancel}
        </button>
      )}
      {(job.state === 'failed' || job.state === 'cancelled') && (
        <button
          type="button"
          className="button plain small"
          disabled={busy}
          aria-label={strings.jobs.retryOf(job.about)}
          onClick={() => retry.mutate()}
        >
          {strings.jobs.retry}
        </button>
      )}
    </div>
  );
}

function JobPriority({ job, onChanged }: { job: Job; onChanged: () => Promise<void> }) {
  const sayFailed = useSayFailed();
  const change = useMutation({
    mutationFn: (priority: Priority) => setJobPriority(job, priority),
    onSuccess: onChanged,
    onError: sayFailed,
  });
  const now = job.priority ?? 'bulk';
  const offered = givenPriorities.includes(now) ? givenPriorities : [now, ...givenPriorities];
  return (
    <select
      className="select"
      aria-label={strings.jobs.priorityOf(job.about)}
      value={now}
      disabled={change.isPending}
      onChange={(event) => change.mutate(event.target.value as Priority)}
    >
      {offered.map((one) => (
        <option key={one} value={one}>
          {strings.jobs.priority[one]}
        </option>
      ))}
    </select>
  );
}
