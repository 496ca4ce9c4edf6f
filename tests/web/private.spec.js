// A private film by addresses that begin it for two seconds alone: whoever began in time sees it to its end, by Movio
// and by nginx, which checks the addresses itself; and the page goes on by new ones.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { logIn } from './support/account.js';
import { launch, openPage, until } from './support/browser.js';
import { required } from './support/movio.js';
import { otherOrigin } from './support/other_origin.js';
import { ownServer } from './support/own_server.js';
import { players } from './support/players.js';

const film = required('MOVIO_FILM', 'the path of the film that MOVIO_VIDEO was made of');
// Players would have all of a short film before its address begins it no more.
const segmentDelayMs = 800;
const rate = 4;

let browser;
let other;
let server;
let nginx;

beforeAll(async () => {
  const settings = ['--playback-address-seconds', '2', '--playback-address-mac', 'secure-link-md5'];
  server = await ownServer(film, ...settings);
  nginx = await server.nginx();
  other = await otherOrigin();
  browser = await launch();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await other?.close();
  await server?.close();
});

/** When segments were asked for, and by which access part. */
async function slowSegments(page) {
  const asked = [];
  await page.route(/\.m4s$/, async (route) => {
    const { pathname } = new URL(route.request().url());
    asked.push({ at: Date.now(), pathname, access: pathname.split('/')[2] });
    await new Promise((resolve) => setTimeout(resolve, segmentDelayMs));
    // Whoever closes the page leaves what was asked for open.
    await route.continue().catch(() => undefined);
  });
  return asked;
}

const status = async (address) => (await fetch(address)).status;
const etag = async (address) => (await fetch(address)).headers.get('etag');

/** Plays by a front from a page of another origin; gives what was seen at the end. */
async function playThrough(front, { page: path, manifest }) {
  const { page, faults, context } = await openPage(browser, { origins: [front, other.origin] });
  const call = (name, ...args) => page.evaluate(([n, a]) => window.harness[n](...a), [name, args]);
  const asked = await slowSegments(page);
  await page.goto(other.origin + path);
  const { playback, duration_ms: duration } = await server.video();
  const address = front + playback[manifest];
  expect(playback[manifest]).toMatch(/^\/media\/t-/);
  await call('load', address, true);
  await call('play', rate);
  const seen = await until(
    'the end',
    async () => {
      const now = await call('state');
      return { ok: now.ended, seen: now };
    },
    { timeoutMs: duration / rate + 30_000, everyMs: 100 },
  );
  expect(await status(address), 'what begins it, at its end').toBe(404);
  const errors = await page.evaluate(() => window.harness.errors);
  await context.close();
  const beginsUntil = Date.parse(playback.expires_at);
  return { asked, beginsUntil, seen, duration, wrong: [...errors, ...faults] };
}

it.each(players)('$name plays to the end what it began in time, by Movio and by nginx', async (player) => {
  const fronts = [server.origin, nginx];
  for (const shown of await Promise.all(fronts.map((front) => playThrough(front, player)))) {
    const { asked, beginsUntil, seen, duration, wrong } = shown;
    expect(wrong).toEqual([]);
    expect(asked.filter(({ at }) => at > beginsUntil).length, 'segments after that').toBeGreaterThan(0);
    expect(new Set(asked.map(({ access }) => access)).size).toBe(1);
    expect(seen.buffered).toHaveLength(1);
    expect(seen.currentTime).toBeCloseTo(duration / 1000, 0);
    // Their names differ where nginx served what is stored by itself.
    const [first, second] = await Promise.all(fronts.map((front) => etag(front + asked[0].pathname)));
    expect(first).toMatch(/^"1-[av]-/);
    expect(second).not.toBe(first);
  }
});

it('goes on by new addresses on the page, and begins nothing anew', async () => {
  const { page, faults, context } = await openPage(browser, { origins: [server.origin] });
  const asked = await slowSegments(page);
  const manifests = [];
  page.on('request', (request) => /main\.(mpd|m3u8)$/.test(request.url()) && manifests.push(request.url()));
  await page.goto(server.origin);
  await logIn(page, server.person);
  await page.goto(`${server.origin}/watch/${server.id}?t=0`);
  const { duration_ms: duration } = await server.video();
  const state = () =>
    page.evaluate(() => {
      const video = document.querySelector('video');
      return video && { time: video.currentTime, ended: video.ended, paused: video.paused };
    });
  await until('the beginning', async () => {
    const seen = await state();
    return { ok: seen !== null && seen.time > 0, seen };
  });
  await page.evaluate((speed) => (document.querySelector('video').playbackRate = speed), rate);
  let latest = 0;
  await until(
    'the end',
    async () => {
      const seen = await state();
      expect(seen.time).toBeGreaterThanOrEqual(latest);
      latest = seen.time;
      return { ok: seen.ended, seen };
    },
    { timeoutMs: duration / rate + 30_000 },
  );
  expect(manifests).toHaveLength(1);
  expect(new Set(asked.map(({ access }) => access)).size, 'addresses').toBeGreaterThan(2);
  await context.close();
  expect(faults).toEqual([]);
});
