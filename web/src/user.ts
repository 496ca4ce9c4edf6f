import type { User } from './api/types';

export function nameOf(user: User): string {
  const name = `${user.first_name} ${user.last_name}`.trim();
  return name === '' ? (user.username ?? user.email) : name;
}

export function mayUpload(user: User | null): boolean {
  return user !== null && user.role !== 'viewer';
}

export function isAdmin(user: User | null): boolean {
  return user?.role === 'admin';
}

export function isModerator(user: User | null): boolean {
  return user?.role === 'moderator' || user?.role === 'admin';
}

/** Where to go after logging in: a page of this app, never an address that somebody slipped in. */
export function nextPage(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? '/';
  if (!next.startsWith('/')) return '/';
  try {
    // As the browser reads it: it takes "\\" for "/" and leaves out line ends.
    const { origin, pathname, search: query, hash } = new URL(next, window.location.origin);
    return origin === window.location.origin ? pathname + query + hash : '/';
  } catch {
    return '/';
  }
}
