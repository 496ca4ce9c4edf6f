import { useQuery } from '@tanstack/react-query';
import { listLogInWays } from '../api/client';
import type { LogInWay } from '../api/types';
import { strings } from '../strings';
import '../styles/account.css';

/** The ways to log in beside the password; they change with a restart of the server alone. */
export function useOtherWays(): LogInWay[] {
  const asked = useQuery({
    queryKey: ['log-in-ways'],
    queryFn: ({ signal }) => listLogInWays(signal),
    staleTime: Infinity,
  });
  return asked.data?.items ?? [];
}

/** Leads to where one logs in elsewhere, and from there to `next`. */
export function OtherWays({ next }: { next: string }) {
  const ways = useOtherWays();
  if (ways.length === 0) return null;
  return (
    <div className="other-ways">
      {ways.map(({ kind, button, address }) => (
        <a key={kind} className="button wide" href={`${address}?next=${encodeURIComponent(next)}`}>
          {button}
        </a>
      ))}
      <p className="soft">{strings.account.orPassword}</p>
    </div>
  );
}
