import { useQuery } from '@tanstack/react-query';
import { getQuota } from '../api/client';
import type { Quota, QuotaKind } from '../api/types';
import { byteCount, moment } from '../format';
import { strings } from '../strings';
import '../styles/account.css';
import { ProblemNotice } from './problem_notice';

const kinds: QuotaKind[] = ['bytes', 'minutes', 'uploads_per_day'];

function amount(kind: QuotaKind, count: number): string {
  if (kind === 'bytes') return byteCount(count);
  return kind === 'minutes' ? strings.quota.minutes(count) : String(count);
}

function Row({ kind, quota }: { kind: QuotaKind; quota: Quota }) {
  const { used, limit } = quota[kind];
  const name = strings.quota.kind[kind];
  return (
    <li className="account-row">
      <div className="account-what">
        <strong>{name}</strong>
        <span className="soft">
          {limit === null
            ? strings.quota.unbounded(amount(kind, used))
            : strings.quota.of(amount(kind, used), amount(kind, limit))}
        </span>
      </div>
      {limit !== null && (
        <meter aria-label={name} min={0} max={Math.max(limit, 1)} value={Math.min(used, limit)} />
      )}
    </li>
  );
}

/** What one's videos take, of how much. */
export function QuotaUse() {
  const quota = useQuery({ queryKey: ['quota'], queryFn: ({ signal }) => getQuota(signal) });
  return (
    <section className="account" aria-labelledby="quota">
      <h2 id="quota">{strings.quota.title}</h2>
      {quota.isPending && <p role="status">{strings.quota.loading}</p>}
      {quota.isError && (
        <ProblemNotice what={strings.quota.failed} error={quota.error} onRetry={() => void quota.refetch()} />
      )}
      {quota.data && (
        <>
          <ul className="rows" role="list">
            {kinds.map((kind) => (
              <Row key={kind} kind={kind} quota={quota.data} />
            ))}
          </ul>
          {quota.data.upload_frees_at !== null && (
            <p>{strings.quota.frees(moment(quota.data.upload_frees_at))}</p>
          )}
          <p className="soft">{strings.quota.hint}</p>
        </>
      )}
    </section>
  );
}
