// Logging in at an OpenID provider, through its own pages: accounts, groups, what keeps somebody out, logging out.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { launch, openPage } from './support/browser.js';
import { openidProvider } from './support/openid_provider.js';
import { bareServer, freePort } from './support/own_server.js';

const client = { client_id: 'movio', client_secret: 'a secret: of 1 test & more' };
const button = 'Log in with Example';
// The provider's pages want a typeface from there.
const fonts = 'https://fonts.googleapis.com';
// How soon keys are asked for again (limits::kProviderKeysAgain).
const keysAgainMs = 10_500;

let browser;
let provider;
let movio;
let context;
let page;
let faults = [];

beforeAll(async () => {
  browser = await launch();
  const [port, providerPort] = [await freePort(), await freePort()];
  provider = openidProvider(providerPort, client, `http://127.0.0.1:${port}`);
  await provider.begin();
  movio = await bareServer(
    ...['--listen', `127.0.0.1:${port}`, '--oidc-issuer', provider.issuer],
    ...['--oidc-client-id', client.client_id, '--oidc-client-secret', client.client_secret],
    ...['--oidc-scopes', 'openid email profile groups', '--oidc-groups-claim', 'groups'],
    ...['--oidc-roles', 'media-team=moderator', '--oidc-create-users', 'always', '--oidc-button', button],
  );
  await movio.movio('group', 'add', 'Algebra', '--kind', 'course');
  await movio.movio('group', 'set', 'Algebra', '--external', '/courses/algebra');
  await movio.movio('group', 'add', 'Biology', '--kind', 'course');
  await movio.movio('group', 'set', 'Biology', '--external', '/courses/biology');
});
afterAll(async () => {
  await movio?.close();
  await provider?.end();
  await browser?.close();
});
afterEach(async () => {
  await context?.close();
  expect(faults).toEqual([]);
});

const person = (name, more = {}) => ({
  email: `${name}@example.org`,
  email_verified: true,
  given_name: name,
  family_name: 'Example',
  ...more,
});

async function open(path, origin = movio.origin) {
  ({ context, page, faults } = await openPage(browser, { origins: [origin, provider.issuer, fonts] }));
  await page.route(`${fonts}/**`, (route) => route.fulfill({ contentType: 'text/css', body: '' }));
  await page.goto(origin + path);
}

/** From the page for logging in to the provider's question whether it may. */
async function logInThere(name, next = '/') {
  await open(`/login?next=${encodeURIComponent(next)}`);
  await page.getByRole('link', { name: button }).click();
  await page.waitForURL(`${provider.issuer}/**`);
  await page.locator('input[name=login]').fill(name);
  await page.locator('input[name=password]').fill('whatever');
  await page.locator('button[type=submit]').click();
  await page.locator('input[name=prompt][value=consent]').waitFor({ state: 'attached' });
}

/** All the way back to Movio. */
async function logIn(name, next = '/') {
  await logInThere(name, next);
  await page.locator('button[type=submit]').click();
  await page.waitForURL(`${movio.origin}/**`);
}

const lines = async (...words) =>
  (await movio.movio(...words, '--json')).stdout.split('\n').filter(Boolean).map(JSON.parse);
/** By whose word somebody is in a group; nothing: they are not. */
const source = async (group, name) =>
  (await lines('group', 'members', group)).find(({ email }) => email === `${name}@example.org`)?.source;
const session = () => page.evaluate(async () => (await fetch('/api/v2/session')).json());
const accountMenu = (name) => page.getByRole('button', { name: `Account of ${name} Example` });

it('makes an account, whose groups and role the provider says', async () => {
  provider.people.ada = person('ada', { groups: ['/courses/algebra', '/staff'], roles: ['media-team'] });
  await logIn('ada', '/my-videos');
  await accountMenu('ada').waitFor();
  expect(page.url()).toBe(`${movio.origin}/my-videos`);
  const { user, log_out } = await session();
  expect(user).toMatchObject({ email: 'ada@example.org', role: 'moderator', has_password: false });
  expect(log_out).toBe('/api/v2/openid/log-out');
  expect(await source('Algebra', 'ada')).toBe('openid');
  expect(await source('Biology', 'ada')).toBeUndefined();
  // Scripts see neither the session nor what was needed to get it.
  expect(await page.evaluate(() => document.cookie)).toBe('');
  expect((await context.cookies()).map(({ name }) => name)).not.toContain('movio-openid');
  await page.goto(`${movio.origin}/account`);
  await page.getByText(/^This device/).waitFor();
});

it('knows them again, follows what changed, and logs out there, too', async () => {
  provider.people.eve = person('eve', { groups: ['/courses/algebra', '/courses/biology'] });
  await logIn('eve');
  await accountMenu('eve').waitFor();
  const first = await session();
  expect(await source('Algebra', 'eve')).toBe('openid');
  expect(await source('Biology', 'eve')).toBe('openid');
  await movio.movio('group', 'members', 'Algebra', '--add', 'eve@example.org');
  await accountMenu('eve').click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.waitForURL(`${provider.issuer}/session/end**`);
  await page.locator('button[value=yes]').click();
  await page.waitForURL(`${movio.origin}/`);
  expect((await session()).user).toBeNull();
  await context.close();

  provider.people.eve = person('eve', { email: 'eve.married@example.org', groups: [] });
  await logIn('eve');
  await accountMenu('eve').waitFor();
  expect((await session()).user.id).toBe(first.user.id);
  expect((await session()).user.email).toBe('eve@example.org');
  expect(await source('Biology', 'eve')).toBeUndefined();
  expect(await source('Algebra', 'eve')).toBe('hand');
});

it('finds an account by its verified address', async () => {
  await movio.movio(
    'user',
    'add',
    'bob@example.org',
    '--first-name',
    'Bob',
    '--last-name',
    'Example',
    '--no-password',
  );
  const [{ id }] = (await lines('user', 'list')).filter(({ email }) => email === 'bob@example.org');
  provider.people.robert = person('bob', { email_verified: false });
  await logIn('robert');
  await page
    .getByRole('alert')
    .getByText(/^Your e-mail address is not verified/)
    .waitFor();
  expect((await session()).user).toBeNull();
  await context.close();
  provider.people.robert = person('bob');
  await logIn('robert');
  await page.getByRole('button', { name: 'Account of Bob Example' }).waitFor();
  expect((await session()).user.id).toBe(id);
});

it('says what keeps somebody out', async () => {
  provider.people.mallory = person('mallory');
  await logInThere('mallory', '/my-videos');
  await page.getByRole('link', { name: 'Cancel' }).click();
  await page.waitForURL(`${movio.origin}/login?refused=refused&next=%2Fmy-videos`);
  await page
    .getByRole('alert')
    .getByText(/you did not agree to it there/)
    .waitFor();
  await context.close();
  await logIn('mallory');
  await accountMenu('mallory').waitFor();
  await context.close();
  await movio.movio('user', 'disable', 'mallory@example.org');
  await logIn('mallory');
  await page
    .getByRole('alert')
    .getByText(/^Your account is disabled/)
    .waitFor();
  expect((await session()).user).toBeNull();
});

/** Goes through the provider's pages by hand: what it answers, not yet taken to Movio, and the cookie of the log-in. */
async function answerFor(name) {
  const cookies = {};
  const ask = async (address, form) => {
    const { origin } = new URL(address);
    const headers = {
      cookie: Object.entries(cookies[origin] ?? {})
        .map((pair) => pair.join('='))
        .join('; '),
    };
    const body = form && new URLSearchParams(form);
    const told = await fetch(address, { method: form ? 'POST' : 'GET', headers, body, redirect: 'manual' });
    for (const one of told.headers.getSetCookie()) {
      const [, key, value] = /^([^=]+)=([^;]*)/.exec(one);
      cookies[origin] = { ...cookies[origin], [key]: value };
    }
    const next = told.headers.get('location');
    if (next === null) return { text: await told.text() };
    const there = new URL(next, address).href;
    return there.includes('/openid/callback') ? { answer: there } : ask(there);
  };
  const formIn = ({ text }) => /action="([^"]+)"/.exec(text)[1];
  const first = await ask(`${movio.origin}/api/v2/openid/begin`);
  const second = await ask(formIn(first), { prompt: 'login', login: name, password: 'whatever' });
  const { answer } = await ask(formIn(second), { prompt: 'consent' });
  return { answer, cookie: `movio-openid=${cookies[movio.origin]['movio-openid']}` };
}

it('takes an answer in the browser that asked for it alone, and once', async () => {
  provider.people.ada ??= person('ada');
  const { answer, cookie } = await answerFor('ada');
  const ask = async (address, headers = {}) => {
    const { status, headers: told } = await fetch(address, { redirect: 'manual', headers });
    return [status, told.get('location'), told.getSetCookie().some((one) => one.startsWith('movio=ey'))];
  };
  const mine = { cookie };
  const changed = new URL(answer);
  changed.searchParams.set('state', `A${changed.searchParams.get('state').slice(1)}B`);
  const notBegun = [303, '/login?refused=not-begun&next=%2F', false];
  expect(await ask(answer)).toEqual(notBegun);
  expect(await ask(answer, { cookie: `movio-openid=${'A'.repeat(43)}.Lw` })).toEqual(notBegun);
  expect(await ask(changed, mine)).toEqual(notBegun);
  const issuer = new URL(answer);
  issuer.searchParams.set('iss', 'https://evil.example');
  expect(await ask(issuer, mine)).toEqual(notBegun);
  expect(await ask(answer, mine)).toEqual([303, '/', true]);
  expect(await ask(answer, mine)).toEqual([303, '/login?refused=provider&next=%2F', false]);
});

it.each(['ES256', 'PS256'])('takes tokens by the provider\u2019s next key, of %s', async (algorithm) => {
  await provider.end();
  await new Promise((resolve) => setTimeout(resolve, keysAgainMs));
  await provider.begin(algorithm);
  provider.people.ada ??= person('ada');
  await logIn('ada');
  await accountMenu('ada').waitFor();
});

it('says that the provider is out', async () => {
  const issuer = `http://127.0.0.1:${await freePort()}`;
  const alone = await bareServer(
    '--oidc-issuer',
    issuer,
    '--oidc-client-id',
    'movio',
    '--oidc-button',
    button,
  );
  try {
    await open('/login?next=%2Fupload', alone.origin);
    await page.getByRole('link', { name: button }).click();
    await page
      .getByRole('alert')
      .getByText(/could not be reached/)
      .waitFor();
    expect(page.url()).toBe(`${alone.origin}/login?refused=unreachable&next=%2Fupload`);
  } finally {
    await context.close();
    await alone.close();
  }
});
