import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Invite } from '../src/api/types';
import { ada, FakeServer, show } from './app';

let server: FakeServer;

beforeEach(() => {
  server = new FakeServer();
  server.list([]);
});
afterEach(() => vi.unstubAllGlobals());

const policy = (signup: string, domains: string[] = []) =>
  server.on('GET /api/v2/signup', 200, { signup, domains });

describe('where people may not sign up by themselves', () => {
  it('nothing offers it, and the page says whom to ask', async () => {
    policy('closed');
    show('/signup');
    expect(await screen.findByText(/made by whoever runs this server/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Create account' })).toBeNull();
    expect(screen.queryByRole('link', { name: 'Sign up' })).toBeNull();
  });

  it('who must log in is told the same', async () => {
    policy('invite');
    show('/login');
    expect(await screen.findByText(/by invitation here/)).toBeTruthy();
    expect(screen.queryByRole('link', { name: 'Sign up' })).toBeNull();
  });

  it('a page for users offers the log-in alone', async () => {
    policy('closed');
    show('/my-videos');
    const main = within(await screen.findByRole('main'));
    expect(await main.findByRole('link', { name: 'Log in' })).toBeTruthy();
    expect(main.queryByRole('link', { name: 'Sign up' })).toBeNull();
  });
});

it('says which addresses may sign up', async () => {
  policy('domains', ['uni.example', 'lab.example']);
  show('/signup');
  expect(await screen.findByText('Sign-up is for addresses at uni.example, lab.example.')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Create account' })).toBeTruthy();
});

describe('an invitation', () => {
  const invite: Invite = {
    id: 'i1',
    role: 'moderator',
    email: 'ada@example.org',
    first_admin: false,
    created_at: '2026-11-29T10:00:00.000Z',
    expires_at: '2026-12-06T10:00:00.000Z',
  };

  it('leads to an account with its token, which leaves the address at once', async () => {
    policy('invite');
    server.on('POST /api/v2/invite', 200, invite);
    const { where } = show('/join#secret-token');
    expect(await screen.findByText(/You will be a moderator/)).toBeTruthy();
    expect(where()).toBe('/join');
    expect(server.last('POST')?.body).toEqual({ token: 'secret-token' });

    expect(screen.getByLabelText('E-mail')).toHaveProperty('readOnly', true);
    await userEvent.type(screen.getByLabelText('First name'), 'Ada');
    await userEvent.type(screen.getByLabelText('Last name'), 'Lovelace');
    await userEvent.type(screen.getByLabelText('Password'), 'secret1');
    server.on('POST /api/v2/users', 201, { user: ada });
    await userEvent.click(screen.getByRole('button', { name: 'Create account' }));
    await waitFor(() => expect(where()).toBe('/'));
    expect(server.last('POST')?.body).toEqual({
      first_name: 'Ada',
      last_name: 'Lovelace',
      email: 'ada@example.org',
      password: 'secret1',
      invite: 'secret-token',
    });
  });

  it('of a server without administrators sets it up', async () => {
    policy('closed');
    server.on('POST /api/v2/invite', 200, { ...invite, role: 'admin', email: null, first_admin: true });
    show('/join#first');
    expect(await screen.findByRole('heading', { name: 'Set up this server' })).toBeTruthy();
    expect(screen.getByLabelText('E-mail')).toHaveProperty('readOnly', false);
  });

  it('that does not count says so', async () => {
    server.on('POST /api/v2/invite', 404, { detail: 'It does not count.' });
    show('/join#old');
    expect(await screen.findByRole('heading', { name: 'This invitation does not count' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Create account' })).toBeNull();
  });

  it('that nobody could look at is no bad one', async () => {
    server.on('POST /api/v2/invite', 429, { detail: 'Too many requests.' });
    show('/join#good');
    expect(await screen.findByText('Too many requests.')).toBeTruthy();
  });

  it('is not for who is logged in', async () => {
    server.session(ada);
    show('/join#token');
    expect(await screen.findByText(/You are logged in already/)).toBeTruthy();
    expect(server.last('POST')).toBeUndefined();
  });
});

describe('a viewer', () => {
  it('is offered no upload, and told why', async () => {
    server.session({ ...ada, role: 'viewer' });
    show('/upload');
    expect(await screen.findByText(/may watch videos but not upload any/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Choose files' })).toBeNull();
    expect(screen.queryByRole('link', { name: 'Upload' })).toBeNull();
  });
});
