import { useQuery } from '@tanstack/react-query';
import { listQueues, type Queue } from '../../api/admin';
import { ProblemNotice } from '../../components/problem_notice';
import { moment } from '../../format';
import { strings } from '../../strings';
import { Table } from './parts';

const lookAgainMs = 2000;

export function QueueTab() {
  const { data, error, refetch } = useQuery({
    queryKey: ['admin', 'queue'],
    queryFn: ({ signal }) => listQueues(signal),
    refetchInterval: lookAgainMs,
  });
  if (error && !data)
    return <ProblemNotice what={strings.queue.failed} error={error} onRetry={() => void refetch()} />;
  if (!data) return <p role="status">{strings.queue.loading}</p>;
  return (
    <>
      {data.items.map((queue) => (
        <QueueView key={queue.service} queue={queue} />
      ))}
    </>
  );
}

function QueueView({ queue }: { queue: Queue }) {
  const service = strings.admin.service[queue.service];
  const { ready, blocked, leased, later, wishes, oldest, none } = strings.queue;
  const facts: [string, string | number][] = [
    [ready, queue.ready],
    [blocked, queue.blocked],
    [leased, queue.leased],
    [later, queue.later],
    [oldest, queue.oldest_ready_at === null ? none : moment(queue.oldest_ready_at)],
  ];
  if (queue.service === 'worker') facts.push([wishes, queue.wishes]);
  return (
    <section aria-label={service}>
      <h2>{service}</h2>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Table
        label={`${service}: ${strings.queue.byClass}`}
        heads={[strings.workers.class, strings.workers.busy, ready, blocked, leased]}
        numbers={[ready, blocked, leased]}
        rows={queue.classes.map((one) => ({
          key: one.name,
          cells: [one.name, strings.workers.busyOf(one.busy, one.slots), one.ready, one.blocked, one.leased],
        }))}
      />
      {queue.kinds.length === 0 ? (
        <p className="soft">{strings.queue.empty}</p>
      ) : (
        <Table
          label={`${service}: ${strings.queue.byKind}`}
          heads={[strings.queue.kind, ready, blocked, leased]}
          numbers={[ready, blocked, leased]}
          rows={queue.kinds.map((one) => ({
            key: one.kind,
            cells: [one.kind, one.ready, one.blocked, one.leased],
          }))}
        />
      )}
    </section>
  );
}
