import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ada, FakeServer, show } from './app';
import { FakeEventSource } from './fake_event_source';
import { video } from './video';

vi.mock('../src/player/player', () => ({ Player: () => <div role="application" /> }));

let server: FakeServer;
const film = video({ id: 'a', title: 'My film', mine: true, visibility: 'unlisted' });

beforeEach(() => {
  server = new FakeServer();
  server.session(ada);
  server.list([]);
  server.trash([]);
});
afterEach(() => vi.unstubAllGlobals());

describe('my videos', () => {
  it('are shown in every state, and followed while they are made', async () => {
    const made = video({ id: 'b', title: 'In the making', status: 'processing', playback: null });
    const failed = video({
      id: 'c',
      title: 'Broken',
      status: 'failed',
      failure: { code: 'damaged', message: 'Half of it is missing.', detail: '' },
    });
    server.list([film, made, failed], null, 'own');
    show('/my-videos');
    expect(await screen.findByText(/^Unlisted · 0:30/)).toBeTruthy();
    expect(screen.getByText('Being made')).toBeTruthy();
    expect(screen.getByText('Half of it is missing.')).toBeTruthy();
    expect(FakeEventSource.made.map((stream) => stream.url)).toEqual(['/api/v2/events?video=b']);
  });

  it('are changed in place; only what was changed is sent', async () => {
    server.list([film], null, 'own');
    show('/my-videos');
    const edit = await screen.findByRole('button', { name: 'Edit My film' });
    await userEvent.click(edit);
    const dialog = within(await screen.findByRole('dialog', { name: 'Edit video' }));
    await userEvent.clear(dialog.getByLabelText('Title'));
    await userEvent.type(dialog.getByLabelText('Title'), 'Our film');
    await userEvent.click(dialog.getByRole('radio', { name: 'Private' }));
    expect(dialog.getByText('Only you can watch it.')).toBeTruthy();
    const changed = video({ ...film, title: 'Our film', visibility: 'private' });
    server.on('PATCH /api/v2/videos/a', 200, changed);
    server.list([changed], null, 'own');
    await userEvent.click(dialog.getByRole('button', { name: 'Save' }));
    expect(await screen.findByRole('link', { name: 'Our film' })).toBeTruthy();
    expect(server.last('PATCH')?.body).toEqual({ title: 'Our film', visibility: 'private' });
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('get a licence and an attribution', async () => {
    server.list([film], null, 'own');
    show('/my-videos');
    await userEvent.click(await screen.findByRole('button', { name: 'Edit My film' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Edit video' }));
    await userEvent.selectOptions(dialog.getByLabelText('Licence'), 'CC BY-SA 4.0');
    await userEvent.type(dialog.getByLabelText(/^Attribution/), ' Ada Lovelace ');
    server.on('PATCH /api/v2/videos/a', 200, film);
    await userEvent.click(dialog.getByRole('button', { name: 'Save' }));
    await waitFor(() =>
      expect(server.last('PATCH')?.body).toEqual({ licence: 'CC-BY-SA-4.0', attribution: 'Ada Lovelace' }),
    );
  });

  it('are shared with people by e-mail', async () => {
    server.list(
      [{ ...film, shared_with: [{ id: 'e', name: 'Eve Oak', email: 'eve@example.org' }] }],
      null,
      'own',
    );
    show('/my-videos');
    await userEvent.click(await screen.findByRole('button', { name: 'Edit My film' }));
    await userEvent.click(await screen.findByRole('radio', { name: 'Shared' }));
    const people = screen.getByLabelText('Their e-mail addresses, one on each line');
    expect(people).toHaveProperty('value', 'eve@example.org');
    await userEvent.type(people, '\nbob@example.org, ');
    server.on('PATCH /api/v2/videos/a', 400, {
      detail: "Nobody here has the e-mail address 'bob@example.org'",
    });
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText(/Nobody here has .*bob@example.org/)).toBeTruthy();
    expect(server.last('PATCH')?.body).toEqual({
      visibility: 'shared',
      shared_with: ['eve@example.org', 'bob@example.org'],
    });
  });

  it('are for groups, also such as the viewer has left', async () => {
    const left = { id: 'g9', name: 'Old course', kind: 'course' } as const;
    server.on('GET /api/v2/visibilities', 200, {
      items: ['public', 'group', 'private'],
      groups: [{ id: 'g1', name: 'Algebra', kind: 'group' }],
      default: 'public',
    });
    server.list([video({ ...film, visibility: 'group', groups: [left] })], null, 'own');
    show('/my-videos');
    await userEvent.click(await screen.findByRole('button', { name: 'Edit My film' }));
    const old = await screen.findByRole('checkbox', { name: /^Old course/ });
    expect(old).toHaveProperty('checked', true);
    await userEvent.click(old);
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(screen.getByText('Choose at least one group.')).toBeTruthy();
    expect(server.last('PATCH')).toBeUndefined();
    await userEvent.click(await screen.findByRole('checkbox', { name: 'Algebra' }));
    const changed = video({ ...film, visibility: 'group' });
    server.on('PATCH /api/v2/videos/a', 200, changed);
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Saved.')).toBeTruthy();
    expect(server.last('PATCH')?.body).toEqual({ groups: ['g1'] });
  });

  it('stay for groups while the viewer is in none', async () => {
    server.on('GET /api/v2/visibilities', 200, {
      items: ['public', 'private'],
      groups: [],
      default: 'public',
    });
    const left = { id: 'g9', name: 'Old course', kind: 'course' } as const;
    server.list([video({ ...film, visibility: 'group', groups: [left] })], null, 'own');
    show('/my-videos');
    await userEvent.click(await screen.findByRole('button', { name: 'Edit My film' }));
    expect(await screen.findByRole('radio', { name: 'Private' })).toHaveProperty('checked', false);
    expect(screen.getByRole('radio', { name: 'Groups' })).toHaveProperty('checked', true);
    await userEvent.type(screen.getByLabelText('Title'), '!');
    server.on('PATCH /api/v2/videos/a', 200, video({ ...film, title: 'My film!' }));
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Saved.')).toBeTruthy();
    expect(server.last('PATCH')?.body).toEqual({ title: 'My film!' });
  });

  it('keep their dialog when the server refuses, with the reason at its field', async () => {
    server.list([film], null, 'own');
    server.on('PATCH /api/v2/videos/a', 400, {
      detail: 'wrong',
      errors: [{ field: 'title', in: 'body', message: 'must have at most 220 characters' }],
    });
    show('/my-videos');
    await userEvent.click(await screen.findByRole('button', { name: 'Edit My film' }));
    await userEvent.type(screen.getByLabelText('Title'), '!');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Must have at most 220 characters.')).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByLabelText('Title'));
  });

  it('give the focus back when the dialog is left by Escape', async () => {
    server.list([film], null, 'own');
    show('/my-videos');
    const edit = await screen.findByRole('button', { name: 'Edit My film' });
    await userEvent.click(edit);
    await screen.findByRole('dialog');
    expect(document.activeElement).toBe(screen.getByLabelText('Title'));
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(document.activeElement).toBe(edit));
  });

  it('are deleted at once, and come back by Undo', async () => {
    server.list([film], null, 'own');
    server.on('DELETE /api/v2/videos/a', 204);
    show('/my-videos');
    const remove = await screen.findByRole('button', { name: 'Delete My film' });
    server.list([], null, 'own');
    remove.focus();
    await userEvent.keyboard('{Enter}');
    const undo = await screen.findByRole('button', { name: 'Undo' });
    expect(screen.queryByRole('link', { name: 'My film' })).toBeNull();
    // The button that was pressed is gone with its row.
    expect(document.activeElement).toBe(undo);
    server.on('POST /api/v2/videos/a/restore', 200, film);
    server.list([film], null, 'own');
    await userEvent.keyboard('{Enter}');
    expect(await screen.findByRole('link', { name: 'My film' })).toBeTruthy();
    expect(screen.getByText('“My film” is back.')).toBeTruthy();
    expect(document.activeElement?.id).toBe('main');
  });

  it('stay, with the reason, when they cannot be deleted', async () => {
    server.list([film], null, 'own');
    server.on('DELETE /api/v2/videos/a', 503, { detail: 'Too much to do.' });
    show('/my-videos');
    await userEvent.click(await screen.findByRole('button', { name: 'Delete My film' }));
    expect(await screen.findByText('“My film” could not be deleted. Too much to do.')).toBeTruthy();
    expect(await screen.findByRole('link', { name: 'My film' })).toBeTruthy();
  });

  it('can be changed and deleted where they are watched', async () => {
    server.list([film], null, 'own');
    server.on('DELETE /api/v2/videos/a', 204);
    const { where } = show('/watch/a');
    await userEvent.click(await screen.findByRole('button', { name: 'Delete My film' }));
    expect(await screen.findByRole('button', { name: 'Undo' })).toBeTruthy();
    expect(where()).toBe('/my-videos');
  });
});

describe('the trash', () => {
  it('says how long things stay, and gives them back', async () => {
    const inDays = (days: number) => new Date(Date.now() + days * 86400000).toISOString();
    const times = { deleted_at: inDays(-4), purge_at: inDays(3) };
    const deleted = video({ id: 'a', title: 'Gone', mine: true, ...times });
    server.trash([deleted]);
    show('/my-videos/trash');
    expect(await screen.findByText(/3 days left/)).toBeTruthy();
    server.on('POST /api/v2/videos/a/restore', 200, { ...deleted, deleted_at: null, purge_at: null });
    server.trash([]);
    await userEvent.click(screen.getByRole('button', { name: 'Restore Gone' }));
    expect(await screen.findByText('The trash is empty')).toBeTruthy();
    expect(screen.getByText('“Gone” is back.')).toBeTruthy();
  });
});

describe('videos of others', () => {
  it('offer nothing to change', async () => {
    server.list([video({ id: 'a' })]);
    show('/watch/a');
    await screen.findByRole('application');
    expect(screen.queryByRole('button', { name: /^(Edit|Delete)/ })).toBeNull();
  });
});
