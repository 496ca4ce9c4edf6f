import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Report } from '../src/api/types';
import { ada, FakeServer, show } from './app';
import { video } from './video';

vi.mock('../src/player/player', () => ({ Player: () => <div role="application" /> }));

const moderator = { ...ada, role: 'moderator' as const };
const hidden = { state: 'hidden' as const, reason: 'It is not yours.', decided_at: '2026-11-20T10:00:00Z' };
const report: Report = {
  id: 'r1',
  reason: 'copyright',
  text: 'From 1:20 on',
  created_at: '2026-11-20T10:00:00Z',
  reporter: null,
  video: {
    id: 'a',
    title: 'My film',
    visibility: 'public',
    open_reports: 2,
    deleted: false,
    moderation: null,
  },
  owner: { id: 'o', name: 'Bob Oak', role: 'uploader', blocked: false },
  decision: null,
};
let server: FakeServer;

beforeEach(() => {
  server = new FakeServer();
});
afterEach(() => vi.unstubAllGlobals());

describe('a report', () => {
  it('is sent by a guest, with a reason', async () => {
    server.list([video({ id: 'a' })]);
    show('/watch/a');
    await userEvent.click(await screen.findByRole('button', { name: 'Report' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Report this video' }));
    await userEvent.click(dialog.getByRole('button', { name: 'Send' }));
    expect(dialog.getByText('Choose what is wrong.')).toBeTruthy();
    await userEvent.click(dialog.getByRole('radio', { name: 'Something else' }));
    await userEvent.click(dialog.getByRole('button', { name: 'Send' }));
    expect(dialog.getByText('This field is required.')).toBeTruthy();
    expect(server.last('POST')).toBeUndefined();
    await userEvent.type(dialog.getByLabelText(/^Tell more/), 'It is upside down');
    server.on('POST /api/v2/videos/a/reports', 204);
    await userEvent.click(dialog.getByRole('button', { name: 'Send' }));
    expect(await screen.findByText('Thank you. A moderator will look at it.')).toBeTruthy();
    expect(server.last('POST')?.body).toEqual({ reason: 'other', text: 'It is upside down' });
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('that the server refuses says why', async () => {
    server.list([video({ id: 'a' })]);
    server.on('POST /api/v2/videos/a/reports', 409, { detail: 'You have reported this video already.' });
    show('/watch/a');
    await userEvent.click(await screen.findByRole('button', { name: 'Report' }));
    await userEvent.click(await screen.findByRole('radio', { name: 'Hate' }));
    await userEvent.click(screen.getByRole('button', { name: 'Send' }));
    expect(await screen.findByText('You have reported this video already.')).toBeTruthy();
  });
});

describe('the owner', () => {
  it('reads why a video is hidden, in the list and beside the player', async () => {
    server.session(ada);
    const film = video({ id: 'a', title: 'My film', mine: true, moderation: hidden });
    server.list([film], null, 'own');
    show('/my-videos');
    expect((await screen.findByRole('note')).textContent).toContain('It is not yours.');
    await userEvent.click(screen.getByRole('link', { name: 'My film' }));
    expect(await screen.findByRole('application')).toBeTruthy();
    expect(screen.getByRole('note').textContent).toMatch(/A moderator hid this video .* It is not yours\./);
    expect(screen.queryByRole('button', { name: 'Report' })).toBeNull();
    expect(screen.queryByRole('button', { name: /^Show again/ })).toBeNull();
  });

  it('cannot restore what a moderator removed', async () => {
    server.session(ada);
    server.trash([
      video({ id: 'a', title: 'Theirs', mine: true, moderation: { ...hidden, state: 'deleted' } }),
      video({ id: 'b', title: 'Mine', mine: true }),
    ]);
    show('/my-videos/trash');
    expect(await screen.findByRole('button', { name: 'Restore Theirs' })).toHaveProperty('disabled', true);
    expect(screen.getByRole('button', { name: 'Restore Mine' })).toHaveProperty('disabled', false);
  });
});

describe('a moderator', () => {
  beforeEach(() => server.session(moderator));

  it('decides on what was reported, with a reason', async () => {
    server.on('GET /api/v2/reports?state=open&limit=24', 200, { items: [report], next: null });
    show('/reports');
    const list = within(await screen.findByRole('list', { name: 'Reports' }));
    expect(list.getByText(/From 1:20 on/)).toBeTruthy();
    expect(list.getByText(/Reported by a guest/)).toBeTruthy();
    await userEvent.click(list.getByRole('button', { name: 'Hide: My film' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Hide: My film' }));
    await userEvent.click(dialog.getByRole('button', { name: 'Hide' }));
    expect(dialog.getByText('This field is required.')).toBeTruthy();
    await userEvent.type(dialog.getByLabelText('Reason'), ' It is not yours. ');
    server.on('POST /api/v2/videos/a/decisions', 201, { id: 'd' });
    server.on('GET /api/v2/reports?state=open&limit=24', 200, { items: [], next: null });
    await userEvent.click(dialog.getByRole('button', { name: 'Hide' }));
    expect(await screen.findByText('There are none.')).toBeTruthy();
    expect(server.last('POST')?.body).toEqual({ decision: 'hide', reason: 'It is not yours.' });
  });

  it('is offered what makes sense: nothing is hidden twice, nor a blocked owner blocked', async () => {
    const closed: Report = {
      ...report,
      video: { ...report.video, open_reports: 0, moderation: hidden },
      owner: { ...report.owner!, blocked: true },
      decision: {
        id: 'd',
        decision: 'hide',
        reason: 'x',
        by: { id: 'm', name: 'Eve Elm' },
        decided_at: hidden.decided_at,
      },
    };
    server.on('GET /api/v2/reports?state=closed&limit=24', 200, { items: [closed], next: null });
    show('/reports?state=closed');
    expect(await screen.findByText(/Hide: Eve Elm/)).toBeTruthy();
    const names = screen.getAllByRole('button', { name: /: My film$/ }).map(({ textContent }) => textContent);
    expect(names).toEqual(['Show again', 'Remove']);
  });

  it('decides beside the player, too', async () => {
    server.list([video({ id: 'a', title: 'My film' })]);
    show('/watch/a');
    expect(await screen.findByRole('button', { name: 'Hide: My film' })).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Block owner: My film' })).toBeTruthy();
  });
});

it('the queue is nothing for others', async () => {
  server.session(ada);
  show('/reports');
  expect(await screen.findByText('Only moderators of this server see reports.')).toBeTruthy();
  await waitFor(() => expect(server.count('GET /api/v2/reports?state=open&limit=24')).toBe(0));
});
