import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Job, JobTasks, Queue, Task } from '../src/api/admin';
import { ada, FakeServer, show } from './app';
import { FakeEventSource } from './fake_event_source';

const counts = { ready: 1, blocked: 1, leased: 1, done: 1, failed: 0, cancelled: 0 };
const job: Job = {
  id: 'j1',
  service: 'worker',
  kind: 'film',
  about: 'lecture.mkv',
  video_id: 'v1',
  owner_id: 'u2',
  state: 'running',
  priority: 'bulk',
  percent: 25,
  created_at: '2026-11-30T10:00:00Z',
  ended_at: null,
  task_counts: counts,
  failure: null,
};
const task: Task = {
  id: 't1',
  kind: 'video',
  key: 'v/0-4',
  state: 'leased',
  priority: 'bulk',
  attempt: 1,
  attempts_max: 3,
  worker: 'local',
  percent: 40,
  created_at: '2026-11-30T10:00:00Z',
  started_at: '2026-11-30T10:00:01Z',
  ended_at: null,
  took_ms: null,
  next_attempt_at: null,
  failure: null,
};
const queue: Queue = {
  service: 'worker',
  ready: 1,
  blocked: 0,
  leased: 0,
  later: 0,
  wishes: 0,
  oldest_ready_at: null,
  classes: [],
  kinds: [],
};
const failure = { code: 'damaged', message: 'The film is damaged.', detail: 'at 3 s' };
const list = 'GET /api/v2/admin/jobs?service=worker&limit=24';
let server: FakeServer;

function withTasks(of: Job, tasks: Task[], leftOut = 0): JobTasks {
  return { ...of, tasks, tasks_left_out: leftOut };
}

function tell(jobs: Job[]) {
  const data = JSON.stringify({ service: 'worker', jobs, queue });
  act(() => void FakeEventSource.latest().dispatchEvent(new MessageEvent('jobs', { data })));
}

beforeEach(() => {
  server = new FakeServer();
  server.list([]);
  server.session({ ...ada, role: 'admin' });
  server.on(list, 200, { items: [job], next: null });
});
afterEach(() => vi.unstubAllGlobals());

describe('the jobs', () => {
  it('are shown with how far they are', async () => {
    show('/admin/jobs');
    expect(await screen.findByText('lecture.mkv')).toBeTruthy();
    expect(screen.getByText(/^Running · Since .* · 1 of 4 tasks done · 1 being worked on$/)).toBeTruthy();
    const progress = screen.getByRole('progressbar', { name: 'Progress of lecture.mkv' });
    expect((progress as HTMLProgressElement).value).toBe(25);
    expect(screen.getByRole('link', { name: 'Watch lecture.mkv' }).getAttribute('href')).toBe('/watch/v1');
  });

  it('say that there are none, or why they could not be loaded', async () => {
    server.on(list, 200, { items: [], next: null });
    show('/admin/jobs');
    expect(await screen.findByText('There are no such jobs.')).toBeTruthy();
    server.on('GET /api/v2/admin/jobs?service=worker&state=failed&limit=24', 500, { detail: 'No luck.' });
    await userEvent.selectOptions(screen.getByLabelText('State'), 'Failed');
    expect(await screen.findByText('No luck.')).toBeTruthy();
  });

  it('follow what the server tells, and are asked for again when one has ended', async () => {
    show('/admin/jobs');
    await screen.findByText('lecture.mkv');
    expect(FakeEventSource.latest().url).toBe('/api/v2/admin/events?service=worker');
    tell([job]);
    tell([{ ...job, percent: 75 }]);
    const progress = screen.getByRole<HTMLProgressElement>('progressbar', {
      name: 'Progress of lecture.mkv',
    });
    await waitFor(() => expect(progress.value).toBe(75));
    expect(server.count(list)).toBe(1);
    const ended: Job = {
      ...job,
      state: 'done',
      percent: 100,
      ended_at: '2026-11-30T10:05:00Z',
      priority: null,
    };
    server.on(list, 200, { items: [ended], next: null });
    tell([]);
    expect(await screen.findByText(/^Done · Ended /)).toBeTruthy();
    expect(screen.queryByRole('progressbar')).toBeNull();
  });

  it('are cancelled after a question, and tried again', async () => {
    vi.stubGlobal('confirm', vi.fn().mockReturnValueOnce(false).mockReturnValue(true));
    server.on('POST /api/v2/admin/jobs/j1/cancel?service=worker', 204);
    server.on('POST /api/v2/admin/jobs/j1/retry?service=worker', 204);
    show('/admin/jobs');
    const cancel = await screen.findByRole('button', { name: 'Cancel lecture.mkv' });
    await userEvent.click(cancel);
    expect(server.last('POST')).toBeUndefined();
    server.on(list, 200, { items: [{ ...job, state: 'cancelled', priority: null }], next: null });
    await userEvent.click(cancel);
    await userEvent.click(await screen.findByRole('button', { name: 'Try again: lecture.mkv' }));
    expect(server.count('POST /api/v2/admin/jobs/j1/cancel?service=worker')).toBe(1);
    expect(server.count('POST /api/v2/admin/jobs/j1/retry?service=worker')).toBe(1);
  });

  it('are put first, and say it when that is refused', async () => {
    server.on('PATCH /api/v2/admin/jobs/j1?service=worker', 409, { detail: 'It has ended.' });
    show('/admin/jobs');
    const priority = await screen.findByRole('combobox', { name: 'Priority of lecture.mkv' });
    await userEvent.selectOptions(priority, 'First of all');
    expect(server.last('PATCH')?.body).toEqual({ priority: 'publish' });
    expect(await screen.findByText('That could not be done. It has ended.')).toBeTruthy();
  });

  it('that failed say why', async () => {
    server.on(list, 200, { items: [{ ...job, state: 'failed', priority: null, failure }], next: null });
    show('/admin/jobs');
    expect(await screen.findByText('The film is damaged. at 3 s')).toBeTruthy();
    expect(screen.queryByRole('button', { name: /^Cancel/ })).toBeNull();
  });

  it('of one user are shown by address, and of all again', async () => {
    server.on('GET /api/v2/admin/jobs?service=worker&owner=u2&limit=24', 200, { items: [job], next: null });
    const { where } = show('/admin/jobs?owner=u2');
    expect(await screen.findByText('Only jobs for videos of one user.')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Show those of all users' }));
    expect(where()).toBe('/admin/jobs');
    await waitFor(() => expect(server.count(list)).toBe(1));
  });
});

describe('the tasks of a job', () => {
  const address = 'GET /api/v2/admin/jobs/j1?service=worker';
  const failed: Task = { ...task, id: 't2', key: 'a/0-16', state: 'ready', percent: null, failure };

  it('are shown in a table, and one that waits after a failure is tried again', async () => {
    server.on(address, 200, withTasks(job, [task, failed], 3));
    server.on('POST /api/v2/admin/tasks/t2/retry?service=worker', 204);
    show('/admin/jobs');
    const tasks = await screen.findByRole('button', { name: 'Tasks of lecture.mkv' });
    expect(tasks.getAttribute('aria-expanded')).toBe('false');
    await userEvent.click(tasks);
    const table = within(await screen.findByRole('region', { name: 'Tasks of lecture.mkv' }));
    expect(table.getByText('v/0-4')).toBeTruthy();
    expect(table.getByText(/^Being worked on\s+40/)).toBeTruthy();
    expect(table.getByText('The film is damaged. at 3 s', { exact: false })).toBeTruthy();
    expect(screen.getByText('3 more are not shown.')).toBeTruthy();
    expect(table.queryByRole('button', { name: 'Try again: v/0-4' })).toBeNull();
    await userEvent.click(table.getByRole('button', { name: 'Try again: a/0-16' }));
    await waitFor(() => expect(server.count(address)).toBeGreaterThan(1));
    await userEvent.click(screen.getByRole('button', { name: 'Hide tasks of lecture.mkv' }));
    expect(screen.queryByRole('region', { name: 'Tasks of lecture.mkv' })).toBeNull();
  });

  it('say when they could not be loaded', async () => {
    server.on(address, 500, { detail: 'No luck.' });
    show('/admin/jobs');
    await userEvent.click(await screen.findByRole('button', { name: 'Tasks of lecture.mkv' }));
    expect(await screen.findByText('The tasks could not be loaded.')).toBeTruthy();
  });
});
