import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJob, type Job, retryTask, type Task } from '../../api/admin';
import { ProblemNotice } from '../../components/problem_notice';
import { lasting, moment } from '../../format';
import { strings } from '../../strings';
import { Table, useSayFailed } from './parts';

export function jobKey(id: string) {
  return ['admin', 'job', id] as const;
}

/** The steps of a job; what is worked on comes first. */
export function JobTasksView({ job }: { job: Job }) {
  const { data, error, refetch } = useQuery({
    queryKey: jobKey(job.id),
    queryFn: ({ signal }) => getJob(job, signal),
  });
  if (error && !data)
    return (
      <div className="admin-details">
        <ProblemNotice what={strings.tasks.failed} error={error} onRetry={() => void refetch()} />
      </div>
    );
  if (!data)
    return (
      <p role="status" className="admin-details">
        {strings.tasks.loading}
      </p>
    );
  if (data.tasks.length === 0) return <p className="admin-details">{strings.tasks.empty}</p>;
  const { what, state, attempt, worker, took, action } = strings.tasks;
  return (
    <div className="admin-details">
      <Table
        label={strings.jobs.tasksOf(job.about)}
        heads={[what, state, attempt, worker, took, action]}
        numbers={[took]}
        rows={data.tasks.map((task) => ({
          key: task.id,
          cells: [
            task.key,
            <StateOf key="state" task={task} />,
            strings.tasks.attemptOf(task.attempt, task.attempts_max),
            task.worker ?? '',
            task.took_ms === null ? '' : lasting(task.took_ms),
            <RetryButton key="retry" job={job} task={task} />,
          ],
        }))}
      />
      {data.tasks_left_out > 0 && <p className="soft">{strings.tasks.leftOut(data.tasks_left_out)}</p>}
    </div>
  );
}

function StateOf({ task }: { task: Task }) {
  const percent = task.percent === null ? '' : ` ${strings.status.percent(task.percent)}`;
  return (
    <>
      {strings.tasks.stateName[task.state]}
      {percent}
      {task.next_attempt_at !== null && (
        <span className="soft"> {strings.tasks.next(moment(task.next_attempt_at))}</span>
      )}
      {task.failure && (
        <span className="admin-bad">
          {' '}
          {task.failure.message} {task.failure.detail}
        </span>
      )}
    </>
  );
}

function canBeTriedAgain({ state, failure }: Task): boolean {
  return state === 'failed' || state === 'cancelled' || (state === 'ready' && failure !== null);
}

function RetryButton({ job, task }: { job: Job; task: Task }) {
  const client = useQueryClient();
  const sayFailed = useSayFailed();
  const retry = useMutation({
    mutationFn: () => retryTask(job.service, task.id),
    onSuccess: () => client.invalidateQueries({ queryKey: ['admin'] }),
    onError: sayFailed,
  });
  if (!canBeTriedAgain(task)) return null;
  return (
    <button
      type="button"
      className="button plain small"
      disabled={retry.isPending}
      aria-label={strings.tasks.retryOf(task.key)}
      onClick={() => retry.mutate()}
    >
      {strings.tasks.retry}
    </button>
  );
}
