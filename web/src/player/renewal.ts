// Addresses of films that are not public run out and are given anew; what plays goes on by the newest ones.

/** Whether both lead to one manifest, however one gets there: the same film, revision and name. */
export function leadToSame(one: string | null, other: string | null): boolean {
  const place = (address: string | null) => address?.split('/').slice(-3).join('/');
  return place(one) === place(other);
}

/** What turns addresses that begin like `old` into those that begin like `fresh`, which ends as `old` does. */
export function renewal(old: string, fresh: string): (address: string) => string {
  let same = 0;
  while (same < Math.min(old.length, fresh.length) && old.at(-1 - same) === fresh.at(-1 - same)) same++;
  const before = old.slice(0, old.length - same);
  const after = fresh.slice(0, fresh.length - same);
  return (address) => (address.startsWith(before) ? after + address.slice(before.length) : address);
}

const longestMs = 24 * 3600 * 1000;

/** How long to wait before the addresses are asked for anew: well before they begin nothing. */
export function renewAfterMs(expiresAt: string | null | undefined, now: number): number | false {
  if (!expiresAt) return false;
  return Math.min(Math.max((Date.parse(expiresAt) - now) / 2, 1000), longestMs);
}
