import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AuditEntry } from '../src/api/types';
import { ada, FakeServer, show } from './app';

let server: FakeServer;

const role: AuditEntry = {
  id: 'a1',
  at: '2026-11-28T10:00:00.000Z',
  actor_kind: 'user',
  actor_id: 'u1',
  actor_email: 'ada@example.org',
  address: '192.0.2.7',
  action: 'user.role',
  subject_id: 'u2',
  subject_email: 'eve@example.org',
  outcome: 'done',
  detail: { role: 'admin' },
};
const guess: AuditEntry = {
  ...role,
  id: 'a2',
  actor_kind: 'stranger',
  actor_id: null,
  actor_email: null,
  action: 'log_in',
  outcome: 'refused',
  detail: {},
};

beforeEach(() => {
  server = new FakeServer();
  server.list([]);
  server.session({ ...ada, role: 'admin' });
  server.on('GET /api/v2/audit?limit=50', 200, { items: [guess, role], next: null });
});
afterEach(() => vi.unstubAllGlobals());

describe('the audit trail', () => {
  it('is administrators\u2019 business', async () => {
    server.session({ ...ada, role: 'moderator' });
    show('/audit');
    expect(await screen.findByText('Only administrators of this server see the audit trail.')).toBeTruthy();
    expect(server.asked.some(({ address }) => address.startsWith('/api/v2/audit'))).toBe(false);
  });

  it('is reached by the menu and tells who did what to whom', async () => {
    const { where } = show('/');
    await userEvent.click(await screen.findByRole('button', { name: 'Account of Ada Lovelace' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Audit trail' }));
    expect(where()).toBe('/audit');
    expect(await screen.findByText('ada@example.org → eve@example.org')).toBeTruthy();
    expect(screen.getByText('log_in · refused')).toBeTruthy();
    expect(screen.getByText('Nobody who is known → eve@example.org')).toBeTruthy();
    expect(screen.getByText(/192\.0\.2\.7 · role: admin$/)).toBeTruthy();
  });

  it('leads to the video that an entry is about', async () => {
    server.on('GET /api/v2/audit?limit=50', 200, {
      items: [{ ...role, action: 'moderation.hide', subject_id: 'v1', subject_email: null }],
      next: null,
    });
    show('/audit');
    const link = await screen.findByRole('link', { name: 'v1' });
    expect(link.getAttribute('href')).toBe('/watch/v1');
    expect(screen.queryByRole('link', { name: 'eve@example.org' })).toBeNull();
  });

  it('is filtered, and says so where nothing is left', async () => {
    show('/audit');
    await userEvent.type(await screen.findByLabelText(/^By whom/), 'ada@example.org');
    await userEvent.type(screen.getByLabelText(/^Action/), 'user');
    server.on('GET /api/v2/audit?actor=ada%40example.org&action=user&limit=50', 200, {
      items: [],
      next: null,
    });
    await userEvent.click(screen.getByRole('button', { name: 'Show' }));
    expect(await screen.findByText('There is nothing of that kind.')).toBeTruthy();
  });

  it('goes on a page at a time', async () => {
    server.on('GET /api/v2/audit?limit=50', 200, { items: [guess], next: 'there' });
    show('/audit');
    server.on('GET /api/v2/audit?limit=50&cursor=there', 200, { items: [role], next: null });
    await userEvent.click(await screen.findByRole('button', { name: 'Show more' }));
    expect(await screen.findByText('user.role')).toBeTruthy();
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull());
  });

  it('says why it cannot be shown', async () => {
    server.on('GET /api/v2/audit?limit=50', 503, { detail: 'The server is busy.' });
    show('/audit');
    expect(await screen.findByText(/The server is busy/)).toBeTruthy();
  });
});
