import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ada, FakeServer, show } from './app';
import { video } from './video';

let server: FakeServer;

beforeEach(() => {
  server = new FakeServer();
  server.list([]);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const logInWith = async (credential: string, password: string) => {
  await userEvent.type(screen.getByLabelText('E-mail or username'), credential);
  await userEvent.type(screen.getByLabelText('Password'), password);
  await userEvent.click(screen.getByRole('button', { name: 'Log in' }));
};
const menu = () => screen.findByRole('button', { name: 'Account of Ada Lovelace' });

describe('logging in', () => {
  it('is offered to strangers, and leads back to where they were', async () => {
    const { where } = show('/my-videos/trash');
    await userEvent.click(
      await within(await screen.findByRole('main')).findByRole('link', { name: 'Log in' }),
    );
    expect(where()).toBe('/login?next=%2Fmy-videos%2Ftrash');
    server.on('POST /api/v2/session', 200, { user: ada });
    server.session(ada);
    server.trash([]);
    await logInWith(' ada@example.org ', 'secret1');
    expect(await menu()).toBeTruthy();
    await waitFor(() => expect(where()).toBe('/my-videos/trash'));
    expect(server.last('POST')?.body).toEqual({ credential: 'ada@example.org', password: 'secret1' });
  });

  it('says that the password is wrong, and forgets no session for it', async () => {
    server.on('POST /api/v2/session', 401, { detail: 'Username, Email or password is incorrect' });
    show('/login');
    await logInWith('ada', 'wrong');
    expect(await screen.findByText('Username, Email or password is incorrect')).toBeTruthy();
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('asks for what is missing without asking the server, and goes to the field', async () => {
    show('/login');
    await userEvent.click(await screen.findByRole('button', { name: 'Log in' }));
    expect(screen.getAllByText('This field is required.')).toHaveLength(2);
    expect(document.activeElement).toBe(screen.getByLabelText('E-mail or username'));
    expect(server.last('POST')).toBeUndefined();
  });

  it('shows the password to whoever wants to see it', async () => {
    show('/login');
    await userEvent.click(await screen.findByRole('button', { name: 'Show password' }));
    expect(screen.getByLabelText('Password')).toHaveProperty('type', 'text');
  });
});

describe('signing up', () => {
  const fill = async () => {
    await userEvent.type(screen.getByLabelText('First name'), 'Ada');
    await userEvent.type(screen.getByLabelText('Last name'), 'Lovelace');
    await userEvent.type(screen.getByLabelText('E-mail'), 'ada@example.org');
    await userEvent.type(screen.getByLabelText('Password'), 'secret1');
    await userEvent.click(screen.getByRole('button', { name: 'Create account' }));
  };

  it('makes an account and a session', async () => {
    server.on('POST /api/v2/users', 201, { user: ada });
    const { where } = show('/signup');
    await fill();
    await menu();
    await waitFor(() => expect(where()).toBe('/'));
    expect(server.last('POST')?.body).toEqual({
      first_name: 'Ada',
      last_name: 'Lovelace',
      email: 'ada@example.org',
      password: 'secret1',
    });
  });

  it('shows what is wrong beside each field, and the rest above', async () => {
    server.on('POST /api/v2/users', 409, {
      detail: 'Two fields are wrong.',
      errors: [
        { field: 'email', in: 'body', message: 'User with this Email Address already exists.' },
        { field: 'password', in: 'body', message: 'is too common' },
        { field: 'captcha', in: 'body', message: 'is not a known field' },
      ],
    });
    show('/signup');
    await fill();
    const email = screen.getByLabelText('E-mail');
    await waitFor(() => expect(email.getAttribute('aria-invalid')).toBe('true'));
    const described = document.getElementById(String(email.getAttribute('aria-describedby')));
    expect(described?.textContent).toBe('User with this Email Address already exists.');
    expect(screen.getByText('Is too common.')).toBeTruthy();
    expect(screen.getByText('Captcha is not a known field.')).toBeTruthy();
    expect(document.activeElement).toBe(email);
  });
});

describe('the session', () => {
  it('is ended by logging out', async () => {
    server.session(ada);
    server.list([], null, 'own');
    const { where } = show('/my-videos');
    await userEvent.click(await menu());
    server.on('DELETE /api/v2/session', 204);
    server.session(null);
    const own = 'GET /api/v2/videos?owner=me&limit=24';
    server.on(own, 401, { detail: 'Log in first.' });
    const before = server.count(own);
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Log out' }));
    expect(await screen.findByRole('link', { name: 'Log in' })).toBeTruthy();
    expect(where()).toBe('/');
    expect(server.count(own)).toBe(before);
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('that the server forgot is gone within 5 s, and may begin again in place', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    server.session(ada);
    server.list([video({ id: 'a', mine: true })], null, 'own');
    const { where } = show('/my-videos');
    await screen.findByRole('link', { name: 'Big Buck Bunny' });
    const before = server.count('GET /api/v2/session');
    server.session(null);
    await act(() => vi.advanceTimersByTimeAsync(4500));
    expect(server.count('GET /api/v2/session')).toBe(before + 1);
    const dialog = await screen.findByRole('dialog', { name: 'You are logged out' });
    expect(screen.queryByText('Big Buck Bunny')).toBeNull();

    server.on('POST /api/v2/session', 200, { user: ada });
    server.session(ada);
    vi.useRealTimers();
    await userEvent.type(within(dialog).getByLabelText('E-mail or username'), 'ada');
    await userEvent.type(within(dialog).getByLabelText('Password'), 'secret1');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Log in' }));
    expect(await screen.findByRole('link', { name: 'Big Buck Bunny' })).toBeTruthy();
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(where()).toBe('/my-videos');
  });

  it('ends at once with any request that is refused for it', async () => {
    server.session(ada);
    server.list([video({ id: 'a', mine: true })], null, 'own');
    show('/my-videos');
    await userEvent.click(await screen.findByRole('button', { name: 'Delete Big Buck Bunny' }));
    server.on('DELETE /api/v2/videos/a', 401, { detail: 'Log in first.' });
    server.session(null);
    await userEvent.click(await screen.findByRole('button', { name: 'Delete Big Buck Bunny' }));
    expect(await screen.findByRole('dialog', { name: 'You are logged out' })).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Go on without logging in' }));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(screen.getByText('Your videos are shown once you are logged in.')).toBeTruthy();
  });

  it('is asked for again when the server could not tell', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    server.on('GET /api/v2/session', 503, { detail: 'Busy.' });
    show('/');
    await screen.findByRole('link', { name: 'Sign up' });
    server.session(ada);
    await act(() => vi.advanceTimersByTimeAsync(4500));
    expect(await menu()).toBeTruthy();
  });

  it('is not asked for again and again by strangers', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    show('/');
    await screen.findByRole('link', { name: 'Sign up' });
    await act(() => vi.advanceTimersByTimeAsync(15000));
    expect(server.count('GET /api/v2/session')).toBe(1);
  });
});
