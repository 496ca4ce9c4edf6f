import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import { MemoryRouter, useLocation } from 'react-router-dom';
import { vi } from 'vitest';
import type { User, Video } from '../src/api/types';
import { App } from '../src/app';
import { FakeEventSource } from './fake_event_source';

export interface Asked {
  method: string;
  address: string;
  body: unknown;
}

interface Answer {
  status: number;
  body?: unknown;
}

/** Stands for the server: answers what a test has told it, by method and address; all else is not found. */
export class FakeServer {
  asked: Asked[] = [];
  private readonly answers = new Map<string, Answer>();

  constructor() {
    this.session(null);
    const items = ['public', 'internal', 'shared', 'unlisted', 'private'];
    this.on('GET /api/v2/visibilities', 200, { items, groups: [], default: 'public' });
    this.on('GET /api/v2/session/ways', 200, { items: [] });
    this.on('GET /api/v2/signup', 200, { signup: 'open', domains: [] });
    FakeEventSource.made = [];
    vi.stubGlobal('EventSource', FakeEventSource);
    vi.stubGlobal('scrollTo', () => undefined);
    vi.stubGlobal('fetch', (address: string, init: RequestInit = {}) => {
      const method = init.method ?? 'GET';
      this.asked.push({ method, address, body: init.body ? JSON.parse(String(init.body)) : undefined });
      const { status, body } = this.answers.get(`${method} ${address}`) ?? {
        status: 404,
        body: { title: 'Not found' },
      };
      return Promise.resolve(new Response(status === 204 ? null : JSON.stringify(body), { status }));
    });
  }

  on(what: string, status: number, body?: unknown): void {
    this.answers.set(what, { status, body });
  }

  session(user: User | null, log_out: string | null = null): void {
    this.on('GET /api/v2/session', 200, log_out === null ? { user } : { user, log_out });
  }

  list(items: Video[], next: string | null = null, query = ''): void {
    this.on(`GET /api/v2/videos?${query === 'own' ? 'owner=me&' : ''}limit=24`, 200, { items, next });
    for (const item of items) this.on(`GET /api/v2/videos/${item.id}`, 200, item);
  }

  trash(items: Video[]): void {
    this.on('GET /api/v2/videos?owner=me&trash=true&limit=24', 200, { items, next: null });
  }

  count(what: string): number {
    return this.asked.filter(({ method, address }) => `${method} ${address}` === what).length;
  }

  last(method: string): Asked | undefined {
    return this.asked.filter((asked) => asked.method === method).at(-1);
  }
}

export const ada: User = {
  id: 'u1',
  first_name: 'Ada',
  last_name: 'Lovelace',
  username: null,
  email: 'ada@example.org',
  email_checked: true,
  new_email: null,
  phone_number: null,
  role: 'uploader',
  has_password: true,
};

/** The whole app at an address; `where()` is the address that it shows by now. */
export function show(path: string) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  let at = path;
  function Where() {
    const { pathname, search, hash } = useLocation();
    at = pathname + search + hash;
    return null;
  }
  const shown = render(
    <QueryClientProvider client={client}>
      <MemoryRouter initialEntries={[path]} future={{ v7_startTransition: true, v7_relativeSplatPath: true }}>
        <App />
        <Where />
      </MemoryRouter>
    </QueryClientProvider>,
  );
  return { ...shown, where: () => at };
}
