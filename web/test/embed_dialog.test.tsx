import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ada, FakeServer, show } from './app';
import { video } from './video';

vi.mock('../src/player/player', () => ({ Player: () => <div role="application" /> }));

const html = '<iframe src="https://films.example/embed/x"></iframe>';
let server: FakeServer;

beforeEach(() => {
  server = new FakeServer();
  server.session(ada);
});
afterEach(() => vi.unstubAllGlobals());

async function openDialog(visibility: 'public' | 'private') {
  server.list([video({ id: 'a', title: 'My film', mine: true, visibility })], null, 'own');
  show('/my-videos');
  await userEvent.click(await screen.findByRole('button', { name: 'Embed My film' }));
  return within(await screen.findByRole('dialog', { name: 'Embed' }));
}

it('gives the HTML for a video that everybody may see, and copies it', async () => {
  const user = userEvent.setup();
  server.on('GET /oembed?url=%2Fembed%2Fa', 200, { html });
  const dialog = await openDialog('public');
  expect(await dialog.findByLabelText('HTML')).toHaveProperty('value', html);
  await user.click(dialog.getByRole('button', { name: 'Copy' }));
  expect(await screen.findByText('Copied.')).toBeTruthy();
  expect(await navigator.clipboard.readText()).toBe(html);
});

it('selects the HTML where there is no clipboard', async () => {
  const user = userEvent.setup();
  server.on('GET /oembed?url=%2Fembed%2Fa', 200, { html });
  const dialog = await openDialog('public');
  const area = (await dialog.findByLabelText('HTML')) as HTMLTextAreaElement;
  vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValueOnce(new Error('no'));
  await user.click(dialog.getByRole('button', { name: 'Copy' }));
  expect(area.value.slice(area.selectionStart, area.selectionEnd)).toBe(html);
});

it('makes a link for a video that is not for everybody, tells it once, and takes links back', async () => {
  const link = {
    id: 'l',
    origins: ['https://school.example'],
    created_at: '2026-11-20T10:00:00Z',
    expires_at: '2027-05-20T10:00:00Z',
  };
  server.on('GET /api/v2/videos/a/embed-links', 200, { items: [] });
  const dialog = await openDialog('private');
  await userEvent.click(dialog.getByRole('button', { name: 'Make a link' }));
  expect(dialog.getByText('This field is required.')).toBeTruthy();
  await userEvent.type(
    dialog.getByLabelText('Sites that may show it, one on each line'),
    'https://School.example/course/1',
  );
  const days = dialog.getByLabelText('For how many days');
  await userEvent.clear(days);
  await userEvent.type(days, 'x');
  await userEvent.click(dialog.getByRole('button', { name: 'Make a link' }));
  expect(dialog.getByText('This must be a whole number of days, at least 1.')).toBeTruthy();
  expect(server.last('POST')).toBeUndefined();
  await userEvent.clear(days);
  await userEvent.type(days, '30');
  server.on('POST /api/v2/videos/a/embed-links', 201, { ...link, url: 'u', html });
  server.on('GET /api/v2/videos/a/embed-links', 200, { items: [link] });
  await userEvent.click(dialog.getByRole('button', { name: 'Make a link' }));
  expect(await dialog.findByLabelText('HTML')).toHaveProperty('value', html);
  expect(server.last('POST')?.body).toEqual({ origins: ['https://school.example'], expires_in_s: 2592000 });
  const revoke = await dialog.findByRole('button', { name: 'Take back the link for https://school.example' });
  server.on('DELETE /api/v2/videos/a/embed-links/l', 204);
  server.on('GET /api/v2/videos/a/embed-links', 200, { items: [] });
  await userEvent.click(revoke);
  await vi.waitFor(() => expect(dialog.queryByRole('button', { name: /^Take back/ })).toBeNull());
  expect(server.count('DELETE /api/v2/videos/a/embed-links/l')).toBe(1);
});

it('says why the server makes none', async () => {
  server.on('GET /api/v2/videos/a/embed-links', 200, { items: [] });
  const dialog = await openDialog('private');
  server.on('POST /api/v2/videos/a/embed-links', 400, { detail: "'school' is no origin" });
  await userEvent.type(dialog.getByLabelText('Sites that may show it, one on each line'), 'school');
  await userEvent.click(dialog.getByRole('button', { name: 'Make a link' }));
  expect(await dialog.findByText("'school' is no origin")).toBeTruthy();
  expect(server.last('POST')?.body).toEqual({ origins: ['school'], expires_in_s: 15552000 });
});
