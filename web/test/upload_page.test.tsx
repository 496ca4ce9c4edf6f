import { act, fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ada, FakeServer, show } from './app';
import { FakeEventSource } from './fake_event_source';
import { FakeRequest } from './fake_request';
import { video } from './video';

let server: FakeServer;
const file = new File(['x'.repeat(1000)], 'Silver_Fox.mkv');

beforeEach(() => {
  server = new FakeServer();
  server.session(ada);
  server.list([]);
  FakeRequest.install();
});
afterEach(() => vi.unstubAllGlobals());

async function choose(files: File[] = [file]) {
  const shown = show('/upload');
  await screen.findByRole('button', { name: 'Choose files' });
  const input = shown.container.querySelector('input[type=file]') as HTMLInputElement;
  await userEvent.upload(input, files);
  return shown;
}
const start = () => userEvent.click(screen.getByRole('button', { name: 'Upload' }));
/** Whether the browser asks before the page is left. */
const warns = () => {
  const event = new Event('beforeunload', { cancelable: true });
  window.dispatchEvent(event);
  return event.defaultPrevented;
};

describe('uploading', () => {
  it('is for users; strangers come back here after logging in', async () => {
    server.session(null);
    show('/upload');
    expect(await screen.findByText('To upload videos you need an account on this server.')).toBeTruthy();
  });

  it('shows how far it is, then what the server makes of it, and leads to the player', async () => {
    await choose();
    expect(screen.getByLabelText('Title')).toHaveProperty('value', 'Silver Fox');
    expect(warns()).toBe(false);
    await start();
    act(() => FakeRequest.latest().sent(400));
    expect(screen.getByRole('progressbar', { name: 'Upload of Silver Fox' })).toHaveProperty('value', 400);
    expect(screen.getByText(/^40\s% · 400\sB of 1.0\skB/)).toBeTruthy();
    expect(screen.getByText(/Silver Fox: 25\s% uploaded/).getAttribute('role')).toBe('status');
    expect(screen.getByRole('link', { name: 'Uploading, 40\u00a0%' })).toHaveProperty('pathname', '/upload');
    expect(warns()).toBe(true);
    act(() => FakeRequest.latest().sent(1000));
    expect(screen.getByText('Sent. The server is storing it…')).toBeTruthy();

    const made = video({ id: 'v1', title: 'Silver Fox', status: 'submitted', playback: null, mine: true });
    server.on('GET /api/v2/videos/v1', 200, made);
    act(() => FakeRequest.latest().answer(202, { video_id: 'v1' }));
    expect(await screen.findByText('Waiting to be made')).toBeTruthy();
    expect(warns()).toBe(false);
    expect(FakeEventSource.latest().url).toBe('/api/v2/events?video=v1');
    expect(screen.queryByRole('link', { name: 'Watch' })).toBeNull();
    act(() =>
      FakeEventSource.latest().say(video({ ...made, status: 'playable', playback: video().playback })),
    );
    expect(await screen.findByRole('link', { name: 'Watch' })).toHaveProperty('pathname', '/watch/v1');
  });

  it('takes files that are dropped', async () => {
    show('/upload');
    // Also where they miss the marked place: the browser would open them instead of this page.
    const beside = await screen.findByRole('heading', { name: 'Upload videos' });
    expect(fireEvent.dragOver(beside, { dataTransfer: { types: ['Files'] } })).toBe(false);
    const files = [file, new File(['y'], 'Two.mp4')];
    expect(fireEvent.drop(beside, { dataTransfer: { files } })).toBe(false);
    expect(await screen.findByRole('button', { name: 'Upload 2 files' })).toBeTruthy();
  });

  it('offers what the server enforces, and says with the file who can see it', async () => {
    server.on('GET /api/v2/visibilities', 200, {
      items: ['internal', 'shared', 'private'],
      groups: [],
      default: 'internal',
    });
    await choose();
    const offered = await screen.findAllByRole('radio');
    expect(offered.map((radio) => (radio as HTMLInputElement).value)).toEqual(['internal', 'private']);
    expect(screen.getByRole('radio', { name: 'Internal' })).toHaveProperty('checked', true);
    await userEvent.click(screen.getByRole('radio', { name: 'Private' }));
    expect(screen.getByText('Only you can watch it.')).toBeTruthy();
    await start();
    expect(FakeRequest.latest().form.get('visibility')).toBe('private');
  });

  it('is for groups that are chosen, at least one', async () => {
    server.on('GET /api/v2/visibilities', 200, {
      items: ['public', 'group', 'private'],
      groups: [
        { id: 'g1', name: 'Algebra', kind: 'course' },
        { id: 'g2', name: 'Chess club', kind: 'group' },
      ],
      default: 'public',
    });
    await choose();
    await userEvent.click(await screen.findByRole('radio', { name: 'Groups' }));
    await start();
    expect(screen.getByText('Choose at least one group.').closest('[role=alert]')).toBeTruthy();
    expect(FakeRequest.made).toHaveLength(0);
    await userEvent.click(screen.getByRole('checkbox', { name: /^Algebra/ }));
    await userEvent.click(screen.getByRole('checkbox', { name: 'Chess club' }));
    await userEvent.click(screen.getByRole('checkbox', { name: /^Algebra/ }));
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(FakeRequest.latest().form.get('visibility')).toBe('group');
    expect(FakeRequest.latest().form.get('groups')).toBe('g2');
  });

  it('says why it failed and what to do, and tries again', async () => {
    await choose();
    await start();
    act(() => FakeRequest.latest().answer(507, { detail: '3 GB are needed, 1 GB is left.' }));
    const alert = await screen.findByText('3 GB are needed, 1 GB is left.');
    expect(alert.closest('[role=alert]')?.textContent).toContain('make room');
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(FakeRequest.made).toHaveLength(2);
  });

  it('is cancelled, and goes on while other pages are shown', async () => {
    const { where } = await choose();
    await start();
    act(() => FakeRequest.latest().sent(500));
    await userEvent.click(screen.getByRole('link', { name: 'Movio' }));
    expect(where()).toBe('/');
    await userEvent.click(screen.getByRole('link', { name: 'Uploading, 50\u00a0%' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Cancel the upload of Silver Fox' }));
    expect(FakeRequest.latest().aborted).toBe(true);
    expect(screen.queryByRole('progressbar')).toBeNull();
  });

  it('offers to log in when the session is gone, and keeps the file', async () => {
    await choose();
    await start();
    server.session(null);
    act(() => FakeRequest.latest().answer(401, { detail: 'jwt-decode-error', message: 'x' }));
    expect(await screen.findByRole('dialog', { name: 'You are logged out' })).toBeTruthy();
    server.session(ada);
    server.on('POST /api/v2/session', 200, { user: ada });
    await userEvent.type(screen.getByLabelText('E-mail or username'), 'ada');
    await userEvent.type(screen.getByLabelText('Password'), 'secret1{Enter}');
    expect(await screen.findByText('You are not logged in any more.')).toBeTruthy();
    expect(screen.getByLabelText('Title')).toHaveProperty('value', 'Silver Fox');
  });
});
