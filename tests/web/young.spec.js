// A film that is still being made: followed in the list, watched before it is ready, beyond what is made so far.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { logIn, newAccount, upload } from './support/account.js';
import { launch, openPage, until } from './support/browser.js';
import { movioUrl, required } from './support/movio.js';

const film = required('MOVIO_YOUNG_FILM', 'the path of a film that takes half a minute to make');
const notYet = /^503 .*\/media\/|^console: .* status of 503 /;
const title = `Young ${Date.now()}`;

let browser;
let owner;

/** Its owner sees a film in every state, others from when it plays. */
const listedFor = async (headers) => {
  const answer = await fetch(new URL('/api/v2/videos', movioUrl), { headers });
  if (!answer.ok) throw new Error(`the list answered ${answer.status}`);
  return (await answer.json()).items.find((one) => one.title === title);
};
const listed = () => listedFor({ authorization: `Bearer ${owner.token}` });
const becomes = (what, status, timeoutMs) =>
  until(
    what,
    async () => {
      const seen = await listed();
      return { ok: status.includes(seen?.status), seen };
    },
    { timeoutMs, everyMs: 250 },
  );

beforeAll(async () => {
  owner = await newAccount();
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  // The tests after this one measure playback against the clock: nothing may be in the making then.
  if (await listed()) await becomes('the end of the making', ['ready', 'failed'], 240_000);
}, 250_000);

it('is followed while it is made, and plays to its end before it is ready', async () => {
  await upload(owner, film, title);
  expect(await listedFor({})).toBeUndefined();
  const { context, page, faults } = await openPage(browser, { origins: [new URL(movioUrl).origin] });
  await page.goto(movioUrl);
  await logIn(page, owner);
  await page.goto(movioUrl);
  // A reload would lose this.
  await page.evaluate(() => (window.neverReloaded = true));

  const card = page.locator('article', { has: page.getByRole('link', { name: title }) });
  await card.waitFor();
  const said = new Set();
  await until('a change of what the list says of the film', async () => {
    said.add(await card.locator('.progress-text').innerText());
    return { ok: said.size >= 2, seen: [...said] };
  });
  await becomes('something to watch', ['playable'], 20_000);
  expect((await listedFor({}))?.status).toBe('playable');
  await card.getByRole('link').click();
  const seen = () =>
    page.evaluate(() => {
      const { currentTime, paused, seeking, duration } = document.querySelector('video') ?? {};
      return { currentTime, paused, seeking, duration };
    });
  const plays = (what, from) =>
    until(
      what,
      async () => {
        const now = await seen();
        return { ok: !now.paused && !now.seeking && now.currentTime > from, seen: now };
      },
      { timeoutMs: 30_000 },
    );
  await plays('a second of playback', 1);

  // The film is made from its beginning: its end is not there yet, and has to be made when it is asked for.
  const { duration } = await seen();
  await page.evaluate((at) => (document.querySelector('video').currentTime = at), duration - 12);
  await plays('playback near the end', duration - 11);
  // So the film was being made all the while, also when the playback began, and its end not yet in its turn.
  const { status, progress } = await listed();
  expect(status).toBe('playable');
  expect(progress.percent).toBeLessThan(80);

  await page.locator('.making').waitFor();
  await becomes('a film that is ready', ['ready'], 120_000);
  await page.locator('.making').waitFor({ state: 'detached' });
  expect(await page.evaluate(() => window.neverReloaded)).toBe(true);
  await context.close();
  // A server that cannot make the segment in time says so, and the player asks again.
  expect(faults.filter((fault) => !notYet.test(fault))).toEqual([]);
}, 240_000);
