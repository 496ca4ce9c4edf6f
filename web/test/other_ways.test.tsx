import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LogInWay } from '../src/api/types';
import { ada, FakeServer, show } from './app';

let server: FakeServer;

const openid: LogInWay = { kind: 'openid', button: 'Log in with Example', address: '/api/v2/openid/begin' };

beforeEach(() => {
  server = new FakeServer();
  server.list([]);
});
afterEach(() => vi.unstubAllGlobals());

const ways = (...items: LogInWay[]) => server.on('GET /api/v2/session/ways', 200, { items });

describe('other ways to log in', () => {
  it('lead there, and know where to come back to', async () => {
    ways(openid, { kind: 'proxy', button: 'Single sign-on', address: '/api/v2/proxy/log-in' });
    show('/login?next=%2Fwatch%2F1%3Ft%3D5');
    const link = await screen.findByRole('link', { name: 'Log in with Example' });
    expect(link.getAttribute('href')).toBe('/api/v2/openid/begin?next=%2Fwatch%2F1%3Ft%3D5');
    expect(screen.getByRole('link', { name: 'Single sign-on' }).getAttribute('href')).toBe(
      '/api/v2/proxy/log-in?next=%2Fwatch%2F1%3Ft%3D5',
    );
    expect(screen.getByText('or with a password of this server')).toBeTruthy();
  });

  it('lead back to no other site', async () => {
    ways(openid);
    show('/login?next=%2F%2Fevil.example');
    const link = await screen.findByRole('link', { name: 'Log in with Example' });
    expect(link.getAttribute('href')).toBe('/api/v2/openid/begin?next=%2F');
  });

  it('are not there where there are none', async () => {
    show('/login');
    await waitFor(() => expect(server.count('GET /api/v2/session/ways')).toBe(1));
    expect(screen.queryByText('or with a password of this server')).toBeNull();
    expect(screen.queryByRole('alert', { name: /not logged in/ })).toBeNull();
  });

  it('tell why somebody was not let in', async () => {
    ways(openid);
    show('/login?refused=email-not-verified&next=%2F');
    expect(await screen.findByText(/^Your e-mail address is not verified/)).toBeTruthy();
  });

  it.each(['toString', 'something new', ''])(
    'say so much of a reason that nobody knows: %s',
    async (reason) => {
      show(`/login?refused=${encodeURIComponent(reason)}`);
      expect(await screen.findByText('You were not logged in. Try again.')).toBeTruthy();
    },
  );
});

describe('an account without a password', () => {
  it('is told so where one would be asked for', async () => {
    server.session({ ...ada, has_password: false });
    show('/account');
    expect(await screen.findAllByText(/^Your account has no password/)).toHaveLength(2);
    expect(screen.queryByRole('button', { name: 'Change the address' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Delete my account…' })).toBeNull();
  });

  it('gets no link to set one, which is said where links are asked for', async () => {
    ways(openid);
    show('/forgot-password');
    expect(await screen.findByText(/^Whoever logs in by “Log in with Example” alone/)).toBeTruthy();
  });
});

describe('logging out', () => {
  it('leads to where one logs out elsewhere, too', async () => {
    const assign = vi.fn();
    vi.stubGlobal('location', { ...window.location, assign });
    server.session(ada, '/api/v2/openid/log-out');
    show('/');
    await userEvent.click(await screen.findByRole('button', { name: 'Account of Ada Lovelace' }));
    server.on('DELETE /api/v2/session', 204);
    server.session(null);
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Log out' }));
    await waitFor(() => expect(assign).toHaveBeenCalledWith('/api/v2/openid/log-out'));
  });
});
