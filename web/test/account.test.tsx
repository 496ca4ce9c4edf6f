import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Device, ProgramToken, Quota } from '../src/api/types';
import { ada, FakeServer, show } from './app';

let server: FakeServer;

const device = (id: string, more: Partial<Device> = {}): Device => ({
  id,
  kind: 'page',
  agent: `Browser ${id}`,
  address: '192.0.2.7',
  created_at: '2026-11-28T10:00:00.000Z',
  used_at: '2026-11-29T10:00:00.000Z',
  expires_at: '2026-12-28T10:00:00.000Z',
  current: false,
  ...more,
});
const backup: ProgramToken = {
  id: 't1',
  name: 'Backup',
  scopes: ['read'],
  created_at: '2026-11-28T10:00:00.000Z',
  expires_at: null,
};

const quota: Quota = {
  bytes: { used: 2500000000, limit: 10000000000 },
  minutes: { used: 61, limit: null },
  uploads_per_day: { used: 3, limit: 3 },
  upload_frees_at: '2026-11-29T10:00:00.000Z',
};

beforeEach(() => {
  server = new FakeServer();
  server.list([]);
  server.session(ada);
  server.on('GET /api/v2/sessions', 200, {
    items: [device('here', { current: true }), device('phone', { kind: 'app' })],
  });
  server.on('GET /api/v2/api-tokens', 200, { items: [backup] });
  server.on('GET /api/v2/quota', 200, quota);
});
afterEach(() => vi.unstubAllGlobals());

describe('what videos take', () => {
  it('is shown with its limits, and when the next upload is free', async () => {
    show('/account');
    expect(await screen.findByText('2.5 GB of 10.0 GB')).toBeTruthy();
    expect(screen.getByText('61 minutes, without a limit')).toBeTruthy();
    expect(screen.getByText('3 of 3')).toBeTruthy();
    expect(screen.getByText(/^The next upload is free at .*2026/)).toBeTruthy();
    expect(screen.getByRole('meter', { name: 'Files' }).getAttribute('value')).toBe('2500000000');
    expect(screen.queryByRole('meter', { name: 'Length' })).toBeNull();
  });

  it('is asked for again where that failed', async () => {
    server.on('GET /api/v2/quota', 503, { detail: 'The server is busy.' });
    show('/account');
    expect(await screen.findByText(/The server is busy/)).toBeTruthy();
    server.on('GET /api/v2/quota', 200, quota);
    await userEvent.click(screen.getByRole('button', { name: /again/i }));
    expect(await screen.findByText('3 of 3')).toBeTruthy();
  });
});

describe('the list of devices', () => {
  it('ends one of them and stays', async () => {
    const { where } = show('/account');
    expect(await screen.findByText(/This device/)).toBeTruthy();
    server.on('DELETE /api/v2/sessions/phone', 204);
    server.on('GET /api/v2/sessions', 200, { items: [device('here', { current: true })] });
    await userEvent.click(screen.getByRole('button', { name: 'Log out Browser phone' }));
    await waitFor(() => expect(screen.queryByText('Browser phone')).toBeNull());
    expect(where()).toBe('/account');
    expect(await screen.findByRole('button', { name: 'Account of Ada Lovelace' })).toBeTruthy();
  });

  it('ends all of them, this one too, once that is meant', async () => {
    vi.stubGlobal('confirm', () => false);
    show('/account');
    const everywhere = await screen.findByRole('button', { name: 'Log out everywhere' });
    await userEvent.click(everywhere);
    expect(server.last('DELETE')).toBeUndefined();
    vi.stubGlobal('confirm', () => true);
    server.on('DELETE /api/v2/sessions', 204);
    server.on('DELETE /api/v2/session', 204);
    await userEvent.click(everywhere);
    expect(await screen.findByText('Log in first')).toBeTruthy();
    expect(server.count('DELETE /api/v2/sessions')).toBe(1);
  });

  it('says what could not be ended', async () => {
    show('/account');
    server.on('DELETE /api/v2/sessions/phone', 503, { detail: 'The server is busy.' });
    await userEvent.click(await screen.findByRole('button', { name: 'Log out Browser phone' }));
    expect(await screen.findByText(/The server is busy/)).toBeTruthy();
    expect(screen.getByText('Browser phone')).toBeTruthy();
  });
});

describe('tokens for programs', () => {
  it('are made with the scopes that are chosen, and told once', async () => {
    show('/account');
    await userEvent.type(await screen.findByLabelText('Name of the program'), ' Uploader ');
    await userEvent.click(screen.getByRole('checkbox', { name: 'upload' }));
    server.on('POST /api/v2/api-tokens', 201, {
      api_token: { ...backup, name: 'Uploader' },
      token: 'movio_secret',
    });
    await userEvent.click(screen.getByRole('button', { name: /^Make a token/ }));
    expect(await screen.findByText('movio_secret')).toBeTruthy();
    expect(server.last('POST')?.body).toEqual({ name: 'Uploader', scopes: ['read', 'upload'], days: 90 });
  });

  it('need a name', async () => {
    show('/account');
    await userEvent.click(await screen.findByRole('button', { name: /^Make a token/ }));
    expect(screen.getByText('This field is required.')).toBeTruthy();
    expect(server.last('POST')).toBeUndefined();
  });

  it('are taken back', async () => {
    show('/account');
    server.on('DELETE /api/v2/api-tokens/t1', 204);
    const take = await screen.findByRole('button', { name: 'Take back Backup' });
    server.on('GET /api/v2/api-tokens', 200, { items: [] });
    await userEvent.click(take);
    await waitFor(() => expect(screen.queryByText('Backup')).toBeNull());
  });

  it('of viewers cannot upload', async () => {
    server.session({ ...ada, role: 'viewer' });
    show('/account');
    expect(await screen.findByRole('checkbox', { name: 'read' })).toBeTruthy();
    expect(screen.queryByRole('checkbox', { name: 'upload' })).toBeNull();
  });
});

describe('the profile', () => {
  it('takes a phone number and shows it as the server keeps it', async () => {
    show('/account');
    await userEvent.type(await screen.findByLabelText(/^Phone number/), '+49 (30) 123-456');
    server.on('PATCH /api/v2/me', 200, { ...ada, phone_number: '+4930123456' });
    server.session({ ...ada, phone_number: '+4930123456' });
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByDisplayValue('+4930123456')).toBeTruthy();
    expect(server.last('PATCH')?.body).toEqual({ phone_number: '+49 (30) 123-456' });
    expect(await screen.findByText('Saved.')).toBeTruthy();
  });

  it('says below the field what is wrong with the number', async () => {
    show('/account');
    const field = await screen.findByLabelText(/^Phone number/);
    await userEvent.type(field, '030 123456');
    server.on('PATCH /api/v2/me', 400, {
      detail: 'phone_number must be a number',
      errors: [{ field: 'phone_number', message: 'must be a number in international form' }],
    });
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Must be a number in international form.')).toBeTruthy();
    expect(field.getAttribute('aria-invalid')).toBe('true');
  });
});

it('offers what is kept of the user as a file', async () => {
  show('/account');
  const link = await screen.findByRole('link', { name: 'Download my data' });
  expect(link.getAttribute('href')).toBe('/api/v2/me/export');
  expect(link.hasAttribute('download')).toBe(true);
});

describe('leaving', () => {
  const begin = async () => {
    const page = show('/account');
    await userEvent.click(await screen.findByRole('button', { name: 'Delete my account…' }));
    expect(await screen.findByText(/account of ada@example.org will be deleted for good/)).toBeTruthy();
    return page;
  };
  // The page asks for it in another form, too.
  const password = () => within(screen.getByRole('dialog')).getByLabelText('Your password');
  const confirm = () => userEvent.click(screen.getByRole('button', { name: 'Delete my account for good' }));

  it('asks for the password and deletes nothing without it', async () => {
    await begin();
    await confirm();
    expect(screen.getByText('This field is required.')).toBeTruthy();
    expect(server.last('DELETE')).toBeUndefined();
  });

  it('ends at the first page, logged out', async () => {
    const { where } = await begin();
    await userEvent.type(password(), 'secret1');
    server.on('DELETE /api/v2/me', 204);
    server.on('DELETE /api/v2/session', 204);
    server.session(null);
    await confirm();
    await waitFor(() => expect(where()).toBe('/'));
    expect(await screen.findByText('Your account is deleted.')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Account of Ada Lovelace' })).toBeNull();
    const asked = server.asked.find(({ method, address }) => method === 'DELETE' && address === '/api/v2/me');
    expect(asked?.body).toEqual({ password: 'secret1' });
  });

  it('hands the videos over to whom one names, and says who is not there', async () => {
    const { where } = await begin();
    await userEvent.click(screen.getByRole('radio', { name: 'belong to somebody else' }));
    await userEvent.type(screen.getByLabelText('E-mail of who has them from now on'), 'eve@example.org');
    await userEvent.type(password(), 'secret1');
    server.on('DELETE /api/v2/me', 400, {
      errors: [{ field: 'hand_over_to', message: 'Nobody else here has that address' }],
    });
    await confirm();
    expect(await screen.findByText('Nobody else here has that address.')).toBeTruthy();
    expect(server.last('DELETE')?.body).toEqual({ password: 'secret1', hand_over_to: 'eve@example.org' });
    expect(where()).toBe('/account');
  });

  it('keeps who is logged in where the password is wrong', async () => {
    const { where } = await begin();
    await userEvent.type(password(), 'wrong');
    server.on('DELETE /api/v2/me', 403, {
      errors: [{ field: 'password', message: 'This is not the password.' }],
    });
    await confirm();
    expect(await screen.findByText('This is not the password.')).toBeTruthy();
    expect(screen.queryByText('You are logged out')).toBeNull();
    expect(where()).toBe('/account');
  });
});

it('is reached by the menu', async () => {
  const { where } = show('/');
  await userEvent.click(await screen.findByRole('button', { name: 'Account of Ada Lovelace' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Account' }));
  expect(where()).toBe('/account');
});
