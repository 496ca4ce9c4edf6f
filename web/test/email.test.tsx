import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ada, FakeServer, show } from './app';

let server: FakeServer;

beforeEach(() => {
  server = new FakeServer();
  server.list([]);
});
afterEach(() => vi.unstubAllGlobals());

const banner = () => screen.findByRole('region', { name: 'Your e-mail address' });

describe('who has not shown that the address is theirs', () => {
  it('is told so on every page, and has the link sent again', async () => {
    server.session({ ...ada, email_checked: false });
    server.on('POST /api/v2/me/email-check', 202);
    show('/');
    expect(within(await banner()).getByText(/the link that was sent to ada@example.org/)).toBeTruthy();
    await userEvent.click(within(await banner()).getByRole('button', { name: 'Send the link again' }));
    expect(await screen.findByText('A link is on its way to ada@example.org.')).toBeTruthy();
    server.on('POST /api/v2/me/email-check', 429, { detail: 'Too many links were asked for.' });
    await userEvent.click(within(await banner()).getByRole('button', { name: 'Send the link again' }));
    expect(await screen.findByText('Too many links were asked for.')).toBeTruthy();
  });

  it('and nobody else', async () => {
    server.session(ada);
    show('/');
    await screen.findByRole('button', { name: 'Account of Ada Lovelace' });
    expect(screen.queryByRole('region', { name: 'Your e-mail address' })).toBeNull();
  });
});

describe('the link', () => {
  it('checks the address by its token, which leaves the address at once', async () => {
    server.session({ ...ada, email_checked: false });
    server.on('POST /api/v2/auth/email-check/confirm', 204);
    const { where } = show('/check-email#secret-token');
    expect(await screen.findByRole('heading', { name: 'Your address is checked' })).toBeTruthy();
    expect(where()).toBe('/check-email');
    expect(server.count('POST /api/v2/auth/email-check/confirm')).toBe(1);
    expect(server.last('POST')?.body).toEqual({ token: 'secret-token' });
    // Who is logged in is asked for anew, so that the banner goes at once.
    const asked = server.asked.map(({ method, address }) => `${method} ${address}`);
    const confirmed = asked.indexOf('POST /api/v2/auth/email-check/confirm');
    expect(asked.lastIndexOf('GET /api/v2/session')).toBeGreaterThan(confirmed);
  });

  it('that does not count says so, and one without its token is none', async () => {
    server.on('POST /api/v2/auth/email-check/confirm', 404, { detail: 'It does not count.' });
    const { unmount } = show('/check-email#old');
    expect(await screen.findByRole('heading', { name: 'This link does not count' })).toBeTruthy();
    unmount();
    show('/check-email');
    expect(await screen.findByRole('heading', { name: 'This link does not count' })).toBeTruthy();
  });

  it('for an address that somebody else has by now says that', async () => {
    server.on('POST /api/v2/auth/email-check/confirm', 409, { detail: 'Somebody has it.' });
    show('/check-email#late');
    expect(await screen.findByText('Somebody has it.')).toBeTruthy();
  });
});

describe('another address', () => {
  beforeEach(() => {
    server.session(ada);
    server.on('POST /api/v2/me/email', 202);
  });

  it('is asked for with the password, and counts once it is checked', async () => {
    show('/account');
    expect(await screen.findByText('Your address is ada@example.org.')).toBeTruthy();
    await userEvent.type(screen.getByLabelText('Another address'), 'countess@example.org');
    await userEvent.type(screen.getByLabelText('Your password'), 'secret1');
    server.session({ ...ada, new_email: 'countess@example.org' });
    await userEvent.click(screen.getByRole('button', { name: 'Change the address' }));
    expect(
      await screen.findByText(/Once you open the link that was sent to countess@example.org/),
    ).toBeTruthy();
    expect(server.last('POST')?.body).toEqual({ email: 'countess@example.org', password: 'secret1' });
    expect(screen.getByLabelText('Your password')).toHaveProperty('value', '');
  });

  it('is refused for a wrong password', async () => {
    server.on('POST /api/v2/me/email', 403, { detail: 'The password is wrong.' });
    show('/account');
    await userEvent.type(await screen.findByLabelText('Another address'), 'countess@example.org');
    await userEvent.type(screen.getByLabelText('Your password'), 'guess');
    await userEvent.click(screen.getByRole('button', { name: 'Change the address' }));
    expect(await screen.findByText('The password is wrong.')).toBeTruthy();
    expect(screen.getByLabelText('Another address')).toHaveProperty('value', 'countess@example.org');
  });
});
