import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router-dom';
import { listWorkers, type Worker } from '../../api/admin';
import { ProblemNotice } from '../../components/problem_notice';
import { byteCount, lasting, moment } from '../../format';
import { strings } from '../../strings';
import { Table } from './parts';

const lookAgainMs = 2000;

export function WorkersTab() {
  const { data, error, refetch } = useQuery({
    queryKey: ['admin', 'workers'],
    queryFn: ({ signal }) => listWorkers(signal),
    refetchInterval: lookAgainMs,
  });
  if (error && !data)
    return <ProblemNotice what={strings.workers.failed} error={error} onRetry={() => void refetch()} />;
  if (!data) return <p role="status">{strings.workers.loading}</p>;
  if (data.items.length === 0) return <p>{strings.workers.empty}</p>;
  return (
    <>
      {data.items.map((worker) => (
        <WorkerView key={worker.service} worker={worker} />
      ))}
    </>
  );
}

const when = (time: string | null) => (time === null ? strings.admin.unknown : moment(time));

function WorkerView({ worker }: { worker: Worker }) {
  const { name, host, pid } = worker;
  const service = strings.admin.service[worker.service];
  return (
    <section aria-label={service}>
      <h2>{service}</h2>
      <p className="soft">
        {strings.workers.where(name, host, pid)} · {strings.workers.since(when(worker.started_at))},{' '}
        {strings.workers.seen(when(worker.seen_at))} ·{' '}
        {strings.workers.use(lasting(worker.cpu_ms), byteCount(worker.rss_bytes))}
      </p>
      <Table
        label={`${service}: ${strings.workers.classes}`}
        heads={[strings.workers.class, strings.workers.busy]}
        rows={worker.classes.map((one) => ({
          key: one.name,
          cells: [
            `${one.name} (${strings.jobs.priority[one.at_least]})`,
            strings.workers.busyOf(one.busy, one.slots),
          ],
        }))}
      />
      {worker.tasks.length === 0 ? (
        <p className="soft">{strings.workers.idle}</p>
      ) : (
        <Table
          label={`${service}: ${strings.workers.tasks}`}
          heads={[strings.workers.tasks, strings.tasks.attempt, strings.workers.sinceWhen]}
          rows={worker.tasks.map((task) => ({
            key: task.id,
            cells: [task.key, task.attempt, moment(task.started_at)],
          }))}
        />
      )}
      {worker.processes.length > 0 && <Processes service={service} worker={worker} />}
    </section>
  );
}

function Processes({ service, worker }: { service: string; worker: Worker }) {
  const { process, video, progress, cpu, memory } = strings.workers;
  return (
    <Table
      label={`${service}: ${strings.workers.processes}`}
      heads={[process, strings.workers.class, video, progress, cpu, memory]}
      numbers={[progress, cpu, memory]}
      rows={worker.processes.map((one) => ({
        key: String(one.pid),
        cells: [
          one.pid,
          one.class,
          one.video_id && <Link to={`/watch/${one.video_id}`}>{one.video_id}</Link>,
          strings.status.percent(one.percent),
          lasting(one.cpu_ms),
          byteCount(one.rss_bytes),
        ],
      }))}
    />
  );
}
