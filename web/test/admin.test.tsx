import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Disk, ListedUser, Queue, Setting, Worker } from '../src/api/admin';
import { ada, FakeServer, show } from './app';

const bob: ListedUser = {
  id: 'u2',
  first_name: 'Bob',
  last_name: 'Oak',
  username: 'bob',
  email: 'bob@example.org',
  email_checked: false,
  role: 'uploader',
  state: 'enabled',
  created_at: '2026-11-01T10:00:00Z',
  seen_at: null,
};
const own: ListedUser = {
  ...bob,
  id: 'u1',
  first_name: 'Ada',
  last_name: 'Lovelace',
  role: 'admin',
  username: null,
};
const quota = {
  bytes: { used: 1500000, limit: 3000000 },
  minutes: { used: 2, limit: null },
  uploads_per_day: { used: 1, limit: null },
  upload_frees_at: null,
};
const users = 'GET /api/v2/admin/users?limit=24';
let server: FakeServer;

beforeEach(() => {
  server = new FakeServer();
  server.list([]);
  server.session({ ...ada, role: 'admin' });
  server.on(users, 200, { items: [bob, own], next: null });
  server.on('GET /api/v2/admin/quotas?user=u2&user=u1', 200, { items: [{ user_id: 'u2', quota }] });
  server.on('PATCH /api/v2/admin/users/u2', 200, { ...bob, role: 'moderator' });
});
afterEach(() => vi.unstubAllGlobals());

describe('the administration', () => {
  it.each(['viewer', 'moderator'] as const)('is no page to a %s', async (role) => {
    server.session({ ...ada, role });
    show('/admin/users');
    expect(await screen.findByRole('heading', { name: 'Page not found' })).toBeTruthy();
    expect(server.count(users)).toBe(0);
    await userEvent.click(screen.getByRole('button', { name: 'Account of Ada Lovelace' }));
    expect(screen.queryByRole('menuitem', { name: 'Administration' })).toBeNull();
  });

  it('is no page to a stranger', async () => {
    server.session(null);
    show('/admin');
    expect(await screen.findByRole('heading', { name: 'Page not found' })).toBeTruthy();
    expect(server.count(users)).toBe(0);
  });

  it('has no parts beside its own', async () => {
    show('/admin/constructor');
    expect(await screen.findByRole('heading', { name: 'Page not found' })).toBeTruthy();
  });

  it('is reached by the menu, and leads to its parts', async () => {
    const { where } = show('/');
    await userEvent.click(await screen.findByRole('button', { name: 'Account of Ada Lovelace' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Administration' }));
    const parts = within(await screen.findByRole('navigation', { name: 'Parts of the administration' }));
    expect(parts.getAllByRole('link').map((link) => link.textContent)).toEqual([
      'Users',
      'Groups',
      'Reports',
      'Jobs',
      'Workers',
      'Queue',
      'Disk',
      'Settings',
    ]);
    expect(parts.getByRole('link', { name: 'Users' }).getAttribute('aria-current')).toBe('page');
    server.on('GET /api/v2/groups', 200, { items: [] });
    await userEvent.click(parts.getByRole('link', { name: 'Groups' }));
    expect(where()).toBe('/admin/groups');
    expect(await screen.findByText('There are no groups yet.')).toBeTruthy();
    server.on('GET /api/v2/reports?state=closed&limit=24', 200, { items: [], next: null });
    await userEvent.click(parts.getByRole('link', { name: 'Reports' }));
    await userEvent.click(await screen.findByRole('link', { name: 'Closed' }));
    expect(where()).toBe('/admin/reports?state=closed');
  });
});

describe('the users', () => {
  it('are shown with what their videos take, and found', async () => {
    show('/admin');
    expect(await screen.findByText('Bob Oak')).toBeTruthy();
    expect(screen.getByText('bob@example.org · bob · address not checked')).toBeTruthy();
    expect(
      await screen.findByText(/^May log in · since .* · last here never · 1\.5.MB of 3\.0.MB taken$/),
    ).toBeTruthy();
    server.on('GET /api/v2/admin/users?state=disabled&limit=24', 200, { items: [], next: null });
    await userEvent.selectOptions(screen.getByLabelText('State'), 'Disabled');
    expect(await screen.findByText('There are no such users.')).toBeTruthy();
  });

  it('get another role', async () => {
    show('/admin/users');
    await userEvent.selectOptions(
      await screen.findByRole('combobox', { name: 'Role of Bob Oak' }),
      'Moderator',
    );
    expect(server.last('PATCH')).toMatchObject({
      address: '/api/v2/admin/users/u2',
      body: { role: 'moderator' },
    });
    await waitFor(() => expect(server.count(users)).toBe(2));
  });

  it('do not lock themselves out', async () => {
    show('/admin/users');
    const role = await screen.findByRole<HTMLSelectElement>('combobox', { name: 'Role of Ada Lovelace' });
    expect(role.disabled).toBe(true);
    expect(screen.queryByRole('button', { name: 'Disable Ada Lovelace' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Delete Ada Lovelace' })).toBeNull();
  });

  it('are disabled and logged out after a question', async () => {
    vi.stubGlobal('confirm', vi.fn().mockReturnValueOnce(false).mockReturnValue(true));
    server.on('POST /api/v2/admin/users/u2/logout', 204);
    show('/admin/users');
    const disable = await screen.findByRole('button', { name: 'Disable Bob Oak' });
    await userEvent.click(disable);
    expect(server.last('PATCH')).toBeUndefined();
    await userEvent.click(disable);
    expect(server.last('PATCH')?.body).toEqual({ disabled: true });
    await userEvent.click(screen.getByRole('button', { name: 'Log out Bob Oak everywhere' }));
    expect(await screen.findByText('Bob Oak is logged out.')).toBeTruthy();
  });

  it('get a quota, of which a mistake is said', async () => {
    server.on('PATCH /api/v2/admin/quotas/u2', 400, {
      detail: 'Wrong.',
      errors: [{ field: 'bytes', message: 'must be a number' }],
    });
    show('/admin/users');
    await userEvent.click(await screen.findByRole('button', { name: 'Quota of Bob Oak' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Quota of Bob Oak' }));
    expect(dialog.getByText('1500000 of 3000000 now')).toBeTruthy();
    await userEvent.type(dialog.getByLabelText('Bytes'), 'much');
    await userEvent.click(dialog.getByRole('button', { name: 'Save' }));
    expect(await dialog.findByText('Must be a number.')).toBeTruthy();
    server.on('PATCH /api/v2/admin/quotas/u2', 200, quota);
    await userEvent.clear(dialog.getByLabelText('Bytes'));
    await userEvent.type(dialog.getByLabelText('Minutes'), ' none ');
    await userEvent.click(dialog.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Saved.')).toBeTruthy();
    expect(server.last('PATCH')?.body).toEqual({ minutes: 'none' });
  });

  it('are deleted, and say who has their videos', async () => {
    server.on('DELETE /api/v2/admin/users/u2?hand_over_to=eve%40example.org', 204);
    show('/admin/users');
    await userEvent.click(await screen.findByRole('button', { name: 'Delete Bob Oak' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Delete Bob Oak' }));
    await userEvent.click(dialog.getByRole('radio', { name: /^belong to somebody else/ }));
    await userEvent.click(dialog.getByRole('button', { name: 'Delete' }));
    expect(dialog.getByText('This field is required.')).toBeTruthy();
    expect(server.last('DELETE')).toBeUndefined();
    await userEvent.type(dialog.getByLabelText('E-mail of who has them'), 'eve@example.org');
    await userEvent.click(dialog.getByRole('button', { name: 'Delete' }));
    expect(await screen.findByText('Bob Oak is deleted.')).toBeTruthy();
  });
});

describe('workers and queue', () => {
  const worker: Worker = {
    service: 'worker',
    name: 'local',
    host: 'studio',
    pid: 7,
    started_at: '2026-11-30T10:00:00Z',
    seen_at: null,
    cpu_ms: 1200,
    rss_bytes: 64000000,
    classes: [{ name: 'batch', at_least: 'bulk', slots: 2, busy: 1 }],
    tasks: [
      { id: 't1', job_id: 'j1', kind: 'video', key: 'v/0-4', attempt: 1, started_at: '2026-11-30T10:00:00Z' },
    ],
    processes: [
      {
        pid: 42,
        task_id: 't1',
        video_id: 'v1',
        class: 'batch',
        started_at: '2026-11-30T10:00:00Z',
        percent: 30,
        cpu_ms: 2500,
        rss_bytes: 90000000,
      },
    ],
  };
  const queue: Queue = {
    service: 'worker',
    ready: 3,
    blocked: 2,
    leased: 1,
    later: 0,
    wishes: 4,
    oldest_ready_at: null,
    classes: [{ name: 'batch', at_least: 'bulk', slots: 2, busy: 1, ready: 3, blocked: 2, leased: 1 }],
    kinds: [{ kind: 'video', ready: 3, blocked: 2, leased: 1 }],
  };

  it('tell who works on what', async () => {
    server.on('GET /api/v2/admin/workers', 200, { items: [worker] });
    show('/admin/workers');
    const part = within(await screen.findByRole('region', { name: 'Films' }));
    expect(
      part.getByText(/^local on studio, process 7 · Since .*, last sign of life unknown · 1\.2.s of/),
    ).toBeTruthy();
    expect(part.getByText('1 of 2')).toBeTruthy();
    expect(part.getByText('v/0-4')).toBeTruthy();
    const processes = within(part.getByRole('region', { name: 'Films: Media processes' }));
    expect(processes.getByRole('link', { name: 'v1' }).getAttribute('href')).toBe('/watch/v1');
    expect(processes.getByText('42')).toBeTruthy();
  });

  it('tell what waits', async () => {
    server.on('GET /api/v2/admin/queue', 200, { items: [queue] });
    show('/admin/queue');
    const part = within(await screen.findByRole('region', { name: 'Films' }));
    expect(part.getByText('Segments that somebody waits for').nextSibling?.textContent).toBe('4');
    expect(part.getByText('Oldest that could begin').nextSibling?.textContent).toBe('none');
    expect(within(part.getByRole('region', { name: 'Films: By kind' })).getByText('video')).toBeTruthy();
  });

  it('say why they could not be loaded', async () => {
    show('/admin/workers');
    expect(await screen.findByText('The workers could not be loaded.')).toBeTruthy();
    await userEvent.click(screen.getByRole('link', { name: 'Queue' }));
    expect(await screen.findByText('The queue could not be loaded.')).toBeTruthy();
  });
});

describe('disk and settings', () => {
  const disk: Disk = {
    counted_at: '2026-11-30T10:00:00Z',
    bytes: 1000000000,
    free_bytes: 250000000,
    parts: [
      { name: 'media', files: 12, bytes: 5000000 },
      { name: 'strange', files: 1, bytes: 10 },
    ],
    kept: { films: 3, bytes: 7000000 },
    trash: { films: 1, bytes: 2000000 },
    uploading: { films: 0, bytes: 0 },
  };
  const setting: Setting = {
    name: 'media.crf',
    value: '25',
    default: '23',
    is_set: true,
    secret: false,
    origin: 'flag',
    unit: 'CRF',
    help: 'Quality of x264.',
    environment: 'MOVIO_MEDIA_CRF',
    flag: '--media-crf',
  };
  const secret: Setting = {
    ...setting,
    name: 'auth.signing_key',
    value: null,
    default: null,
    secret: true,
    origin: 'default',
    help: 'Signs.',
  };

  it('tell what takes room', async () => {
    server.on('GET /api/v2/admin/disk', 200, disk);
    show('/admin/disk');
    expect(await screen.findByText(/^250.MB of 1\.0.GB are free$/)).toBeTruthy();
    const parts = within(screen.getByRole('region', { name: 'What takes room' }));
    expect(parts.getByText('What is played')).toBeTruthy();
    expect(parts.getByText('strange')).toBeTruthy();
    const films = within(screen.getByRole('region', { name: 'Files as they were uploaded' }));
    expect(within(films.getByText('In the trash').closest('tr')!).getByText(/^2\.0.MB$/)).toBeTruthy();
  });

  it('tell what is set and never a secret, and are found', async () => {
    server.on('GET /api/v2/admin/settings', 200, { items: [setting, secret] });
    show('/admin/settings');
    const row = (await screen.findByText('media.crf')).closest('tr')!;
    expect(within(row).getByText('25')).toBeTruthy();
    expect(within(row).getByText('Default: 23')).toBeTruthy();
    expect(within(row).getByText('flag')).toBeTruthy();
    expect(screen.getByText('set, and not shown')).toBeTruthy();
    await userEvent.click(screen.getByRole('checkbox', { name: 'Only those that were set' }));
    expect(screen.queryByText('auth.signing_key')).toBeNull();
    await userEvent.type(screen.getByLabelText(/^Name, or a word/), 'nothing');
    expect(screen.getByText('There are no such settings.')).toBeTruthy();
  });
});
