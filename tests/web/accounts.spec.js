// The whole day of a user at the page: sign up, upload, watch, search, change, delete, and being shut out.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { logIn, newAccount, uploadWhole } from './support/account.js';
import { button, faults, inBrowser, movie, open, page, phone, shoot } from './support/app.js';
import { until } from './support/browser.js';
import { get, movioUrl, required } from './support/movio.js';
import { parseVtt } from './support/vtt.js';

const program = required('MOVIO_PROGRAM', 'the path of movio');
const dataDir = required('MOVIO_DATA_DIR', 'the data folder of the running Movio');
const film = required('MOVIO_FILM', 'the path of the film that MOVIO_VIDEO was made of');
// Movio takes MOVIO_… for settings of its own and refuses what it does not know.
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MOVIO_')));

inBrowser();

const link = (name) => page.getByRole('link', { name, exact: true });
const menu = () => page.getByRole('button', { name: /^Account of / });
const playing = (what, check) =>
  until(what, async () => {
    const seen = await page.evaluate(() => {
      const { currentTime, paused, seeking } = document.querySelector('video') ?? {};
      return { currentTime, paused, seeking };
    });
    return { ok: !seen.paused && !seen.seeking && check(seen.currentTime), seen };
  });

/** A word of the English subtitles that is in one line only, and when that line begins. */
async function wordSaidOnce() {
  const english = movie.captions.find(({ language }) => language === 'en') ?? movie.captions[0];
  const cues = parseVtt(await (await get(english.url)).text());
  const wordsOf = ({ text }) => new Set(text.toLowerCase().match(/[a-z]{5,}/g) ?? []);
  const all = cues.map(wordsOf);
  for (const [index, cue] of cues.entries()) {
    for (const word of all[index]) {
      // Words that begin with it are found too.
      const said = all.filter((words) => [...words].some((other) => other.startsWith(word)));
      if (said.length === 1 && cue.start >= 2) return { word, start: cue.start };
    }
  }
  throw new Error('the subtitles have no word that is said once');
}

async function fillIn(fields) {
  for (const [label, text] of Object.entries(fields))
    await page.getByLabel(label, { exact: true }).fill(text);
}

it('signs up, uploads, watches, searches a word that is said, and lands where it is said', async () => {
  const email = `page-${Date.now()}@example.org`;
  const title = `Uploaded ${Date.now()}`;
  await open('/upload');
  await page.getByRole('main').getByRole('link', { name: 'Sign up' }).click();
  await page.getByRole('heading', { name: 'Sign up' }).waitFor();
  const password = 'a long enough password';
  await fillIn({ 'First name': 'Ada', 'Last name': 'Lovelace', 'E-mail': email, Password: password });
  await shoot('sign-up');
  await button('Create account').click();
  // Back to where the account was needed.
  await page.waitForURL(`${movioUrl}/upload`);
  await page.getByRole('button', { name: 'Account of Ada Lovelace' }).waitFor();

  await page.locator('input[type=file]').setInputFiles(film);
  await fillIn({ Title: title });
  await button('Upload').click();
  const sent = page.getByRole('article', { name: title });
  await until(
    'a film that can be watched',
    async () => {
      const seen = await sent.innerText();
      return { ok: (await sent.getByRole('link', { name: 'Watch' }).count()) === 1, seen };
    },
    { timeoutMs: 60_000 },
  );
  await shoot('upload');
  await sent.getByText('Ready', { exact: true }).waitFor({ timeout: 90_000 });
  await sent.getByRole('link', { name: 'Watch' }).click();
  await playing('two seconds of playback', (now) => now >= 2);
  const { pathname } = new URL(page.url());

  const { word, start } = await wordSaidOnce();
  // The player plays on; the key leads to the search all the same.
  await page.keyboard.press('/');
  await page.keyboard.type(word);
  const found = page.locator('article', { has: link(title) });
  const hit = found.locator(`a[href="${pathname}?t=${Math.floor(start)}"]`);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/search\?q=/);
  // What was just made joins the index within a second or so.
  await until('a hit in the new film', async () => {
    const seen = await page.getByRole('main').innerText();
    if ((await hit.count()) > 0) return { ok: true, seen };
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
    return { ok: false, seen };
  });
  expect((await hit.first().locator('mark').innerText()).toLowerCase()).toContain(word);
  await shoot('search');
  await hit.first().click();
  await page.waitForURL(`${movioUrl}${pathname}?t=${Math.floor(start)}`);
  await playing('playback where the word is said', (now) => now > Math.floor(start));
  const began = await page.evaluate(() => document.querySelector('video').played.start(0));
  expect(Math.abs(began - Math.floor(start))).toBeLessThan(0.5);
}, 240_000);

describe('my videos', () => {
  it('are changed, deleted, taken back, and found in the trash', async () => {
    const account = await newAccount();
    const before = `Mine ${Date.now()}`;
    const after = `Still mine ${Date.now()}`;
    // A picture that is on its way while its film becomes private or is deleted is refused.
    const id = await uploadWhole(account, film, before);
    await open('/');
    await logIn(page, account);
    await page.goto(`${movioUrl}/my-videos`);
    await page.waitForLoadState('networkidle');

    await button(`Edit ${before}`).click();
    await page.getByRole('dialog', { name: 'Edit video' }).waitFor();
    await page.getByLabel('Title', { exact: true }).fill(after);
    await page.getByLabel('Description (optional)').fill('As I like it.');
    await page.getByRole('radio', { name: 'Private' }).check();
    await shoot('edit');
    await button('Save').click();
    await link(after).waitFor();
    await page.getByText(/^Private/).waitFor();
    // What strangers may not see, they get the answer of an unknown id for.
    expect((await fetch(`${movioUrl}/api/v2/videos/${id}`)).status).toBe(404);

    await button(`Delete ${after}`).focus();
    await page.keyboard.press('Enter');
    await link(after).waitFor({ state: 'detached' });
    await shoot('undo');
    await until('the focus on Undo', async () => {
      const seen = await page.evaluate(() => document.activeElement.innerText);
      return { ok: seen === 'Undo', seen };
    });
    await page.keyboard.press('Enter');
    await link(after).waitFor();

    await button(`Delete ${after}`).click();
    await button('Undo').waitFor();
    await link('Trash').click();
    await page.getByText(/30 days left/).waitFor();
    await button(`Restore ${after}`).click();
    await page.getByText('The trash is empty').waitFor();
    await link('My videos').click();
    await link(after).waitFor();
    await page.reload();
    await link(after).waitFor();
  }, 180_000);

  it('are reached by thumb', async () => {
    const account = await newAccount();
    await open('/', phone);
    await logIn(page, account);
    await page.reload();
    await menu().tap();
    await page.getByRole('menuitem', { name: 'My videos' }).tap();
    await page.getByText('You have no videos yet').waitFor();
    for (const control of await page.locator('header :is(a, button)').all()) {
      const { width, height } = await control.boundingBox();
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(44);
    }
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(await overflow()).toBeLessThanOrEqual(0);
  });
});

describe('a session', () => {
  it('of a user who is disabled ends within 5 s, and the page stays', async () => {
    const account = await newAccount();
    await open('/');
    await logIn(page, account);
    await page.goto(`${movioUrl}/my-videos`);
    await menu().waitFor();
    await promisify(execFile)(program, ['user', 'disable', account.email, '--data-dir', dataDir], { env });
    await page.getByRole('dialog', { name: 'You are logged out' }).waitFor({ timeout: 5000 });
    await shoot('logged-out');
    await fillIn({ 'E-mail or username': account.email, Password: account.password });
    await page.getByRole('dialog').getByRole('button', { name: 'Log in', exact: true }).click();
    await page.getByRole('dialog').getByRole('alert').filter({ hasText: /./ }).waitFor();
    await button('Go on without logging in').click();
    await page.getByText('Log in first').waitFor();
    expect(await menu().count()).toBe(0);
    // That nobody gets in with it is what this is about; a list asked for in between is refused as well.
    const refused = /^401 .*\/api\/v2\/(session|videos\?owner=me)|^console: .* status of 401 /;
    expect(faults.some((fault) => fault.startsWith('401 '))).toBe(true);
    faults.splice(0, faults.length, ...faults.filter((fault) => !refused.test(fault)));
  });

  it('is begun and ended by the menu', async () => {
    const account = await newAccount();
    await open('/login?next=/my-videos');
    await fillIn({ 'E-mail or username': account.email, Password: account.password });
    await page.keyboard.press('Enter');
    await page.waitForURL(`${movioUrl}/my-videos`);
    await menu().click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await link('Log in').waitFor();
    await page.goto(`${movioUrl}/my-videos`);
    await page.getByText('Log in first').waitFor();
  });
});

describe('the documentation', () => {
  it('is browsable, without a request to another host and within the content security policy', async () => {
    await open('/doc/');
    await page.locator('.opblock').first().waitFor();
    await shoot('doc');
    const collection = await (await get('/doc/postman.json')).json();
    expect(collection.info.schema).toContain('v2.1.0');
    await link('Problems').click();
    await link('No space left').click();
    await page.getByRole('heading', { level: 1, name: 'No space left' }).waitFor();
  });
});
