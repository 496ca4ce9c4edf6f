// An administrator: a running job followed, cancelled and taken up again, another put first; a user's role; disk and
// settings. To a viewer there is no such page.
import { readFileSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { logIn, newAccount, upload } from './support/account.js';
import { button, inBrowser, open, page, shoot } from './support/app.js';
import { until } from './support/browser.js';
import { required } from './support/movio.js';
import { movio } from './support/program.js';

const film = required('MOVIO_YOUNG_FILM', 'the path of a film that takes half a minute to make');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const parts = ['Users', 'Groups', 'Reports', 'Jobs', 'Workers', 'Queue', 'Disk', 'Settings'];

let admin;
let viewer;
let folder;

inBrowser();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'movio-admin-'));
  [admin, viewer] = [await newAccount(), await newAccount()];
  await movio('user', 'role', admin.email, 'admin');
  await movio('user', 'role', viewer.email, 'viewer');
});
afterAll(async () => {
  await cancelAll();
  await rm(folder, { recursive: true, force: true });
});

/** Logged in, at that part of the administration. */
async function openAs(person, path) {
  await open('/');
  await logIn(page, person);
  await page.goto(new URL(path, page.url()).href);
}

/** A film that is being made; gives the name of its file. */
async function submit(name) {
  const file = join(folder, `${name}-${Date.now()}.mkv`);
  await copyFile(film, file);
  await upload(admin, file, name);
  return file.split('/').at(-1);
}

const row = (name) => page.getByRole('listitem').filter({ hasText: name });

async function cancelAll() {
  const running = await movio('jobs', 'list', '--state', 'running', '--json');
  for (const line of running.split('\n').filter((text) => text.startsWith('{')))
    await movio('jobs', 'cancel', JSON.parse(line).id);
}

async function expectNoBarrier() {
  await page.evaluate(axe);
  const found = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }),
  );
  expect(found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}

it('sees a job run, cancels it, takes it up again, and puts another first', async () => {
  const [first, second] = [await submit('first'), await submit('second')];
  await openAs(admin, '/admin/jobs');
  await row(first).waitFor();
  // A reload would lose this.
  await page.evaluate(() => (window.neverReloaded = true));
  const progress = page.getByRole('progressbar', { name: `Progress of ${first}` });
  const seen = new Set();
  await until('progress that moves by itself', async () => {
    seen.add(await progress.getAttribute('value'));
    return { ok: seen.size >= 2, seen: [...seen] };
  });

  await button(`Tasks of ${first}`).click();
  await page
    .getByRole('region', { name: `Tasks of ${first}` })
    .getByText('Being worked on')
    .first()
    .waitFor();
  await expectNoBarrier();
  await shoot('admin-jobs');
  await button(`Hide tasks of ${first}`).click();

  const priority = page.getByRole('combobox', { name: `Priority of ${second}` });
  await priority.selectOption({ label: 'First of all' });
  await until('the other to be first', async () => {
    const seen = await priority.inputValue();
    return { ok: seen === 'publish', seen };
  });

  page.on('dialog', (dialog) => dialog.accept());
  await button(`Cancel ${first}`).click();
  await row(first).getByText('Cancelled', { exact: false }).waitFor();
  await button(`Try again: ${first}`).click();
  await button(`Cancel ${first}`).waitFor();
  // What others do is seen, too. And what measures playback against the clock comes after this.
  await cancelAll();
  await row(first).getByText('Cancelled', { exact: false }).waitFor();
  expect(await page.evaluate(() => window.neverReloaded)).toBe(true);
});

it('finds a user and gives them another role, which counts', async () => {
  await openAs(admin, '/admin');
  await page.getByRole('searchbox', { name: 'Name or address' }).fill(viewer.email);
  await until('one user', async () => {
    const seen = await page.getByRole('list', { name: 'Users' }).getByRole('listitem').count();
    return { ok: seen === 1, seen };
  });
  await row(viewer.email).getByRole('combobox').selectOption({ label: 'Uploader' });
  await until('the role to count', async () => {
    const seen = await movio('user', 'list', '--json');
    const user = seen
      .split('\n')
      .map((line) => JSON.parse(line))
      .find(({ email }) => email === viewer.email);
    return { ok: user.role === 'uploader', seen: user };
  });
  await movio('user', 'role', viewer.email, 'viewer');
  await shoot('admin-users');
});

it('sees every part, by the keyboard too, and no barrier in any', async () => {
  await openAs(admin, '/admin');
  for (const part of parts) {
    const link = page.getByRole('navigation', { name: 'Parts of the administration' }).getByText(part);
    await link.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/admin/${part.toLowerCase()}`);
    await page.waitForLoadState('networkidle').catch(() => undefined);
    await expectNoBarrier();
    if (part === 'Disk') {
      await page.getByText('What is played', { exact: true }).waitFor();
      await shoot('admin-disk');
    }
    if (part === 'Settings') {
      await page.getByText('media.crf', { exact: true }).waitFor();
      await shoot('admin-settings');
    }
  }
});

it('is no page to a viewer', async () => {
  await openAs(viewer, '/no-such-page');
  await page.getByRole('heading', { name: 'Page not found' }).waitFor();
  const unknown = await page.locator('main').innerText();
  await page.goto(new URL('/admin', page.url()).href);
  await page.getByRole('heading', { name: 'Page not found' }).waitFor();
  expect(await page.locator('main').innerText()).toBe(unknown);
});
