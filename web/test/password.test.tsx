import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeServer, show } from './app';

let server: FakeServer;

beforeEach(() => {
  server = new FakeServer();
  server.list([]);
});
afterEach(() => vi.unstubAllGlobals());

const press = (name: string) => userEvent.click(screen.getByRole('button', { name }));
const asks = 'POST /api/v2/auth/password-reset';
const confirms = 'POST /api/v2/auth/password-reset/confirm';

describe('who has lost the password', () => {
  it('asks for a link from the log-in, and is told the same whoever they are', async () => {
    server.on(asks, 202);
    const { where } = show('/login?next=%2Fupload');
    await userEvent.click(await screen.findByRole('link', { name: 'Forgot your password?' }));
    expect(where()).toBe('/forgot-password?next=%2Fupload');
    await userEvent.type(screen.getByLabelText('E-mail'), ' ada@example.org ');
    await press('Send the link');
    expect(await screen.findByText(/^If somebody has an account with ada@example.org here/)).toBeTruthy();
    expect(server.last('POST')?.body).toEqual({ email: 'ada@example.org' });
    await userEvent.click(screen.getByRole('link', { name: 'Back to the log-in' }));
    expect(where()).toBe('/login?next=%2Fupload');
  });

  it('says an address, and is told what is wrong', async () => {
    show('/forgot-password');
    await screen.findByRole('heading', { name: 'A new password' });
    await press('Send the link');
    expect(screen.getByText('This field is required.')).toBeTruthy();
    expect(server.count(asks)).toBe(0);
    server.on(asks, 429, { detail: 'Too many links were asked for.' });
    await userEvent.type(screen.getByLabelText('E-mail'), 'ada@example.org');
    await press('Send the link');
    expect(await screen.findByText('Too many links were asked for.')).toBeTruthy();
  });
});

describe('the link', () => {
  it('sets a password by its token, which leaves the address at once', async () => {
    server.on(confirms, 204);
    const { where } = show('/reset-password#secret-token');
    expect(await screen.findByRole('heading', { name: 'Set a new password' })).toBeTruthy();
    await waitFor(() => expect(where()).toBe('/reset-password'));
    await userEvent.type(screen.getByLabelText('New password'), 'another one');
    await press('Set the password');
    expect(await screen.findByRole('heading', { name: 'Your new password is set' })).toBeTruthy();
    expect(server.last('POST')?.body).toEqual({ token: 'secret-token', password: 'another one' });
  });

  it('that does not count says so, and another one is asked for', async () => {
    server.on(confirms, 404, { detail: 'It does not count.' });
    const { where } = show('/reset-password#old');
    await userEvent.type(await screen.findByLabelText('New password'), 'another one');
    await press('Set the password');
    expect(await screen.findByRole('heading', { name: 'This link does not count' })).toBeTruthy();
    await userEvent.click(screen.getByRole('link', { name: 'Ask for another one' }));
    expect(where()).toBe('/forgot-password');
  });

  it('without its token is none', async () => {
    show('/reset-password');
    expect(await screen.findByRole('heading', { name: 'This link does not count' })).toBeTruthy();
  });

  it('keeps counting where the password is none or the server is away', async () => {
    server.on(confirms, 400, {
      detail: 'password must have 6 to 128 characters',
      errors: [{ field: 'password', message: 'must have at least 6 characters' }],
    });
    show('/reset-password#good');
    await userEvent.type(await screen.findByLabelText('New password'), '12345');
    await press('Set the password');
    expect(await screen.findByText('Must have at least 6 characters.')).toBeTruthy();
    server.on(confirms, 503, { detail: 'The server is busy.' });
    await press('Set the password');
    expect(await screen.findByText('The server is busy.')).toBeTruthy();
    expect(screen.getByRole('heading', { name: 'Set a new password' })).toBeTruthy();
  });
});
