// Three players watch a film to its end while it is made, and the processes that make it are killed at random.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newAccount, upload } from './support/account.js';
import { launch, openPage, until } from './support/browser.js';
import { killAtRandom } from './support/killer.js';
import { readDash } from './support/manifests.js';
import { get, movioUrl, required } from './support/movio.js';
import { otherOrigin } from './support/other_origin.js';
import { notYet, players, triedAgain } from './support/players.js';

const film = required('MOVIO_BUSY_FILM', 'the path of a film of half a minute that takes as long to make');
const server = Number(required('MOVIO_SERVER_PID', 'the number of the process of the server'));
// The long form: so many kills, on as many films as that takes.
const kills = Number(process.env.MOVIO_TEST_KILLS ?? 0);
const killsShort = 3;
const pauses = [2000, 6000];

const watched = players.slice(0, 3);

let browser;
let other;
let owner;

beforeAll(async () => {
  owner = await newAccount();
  other = await otherOrigin();
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await other?.close();
});

const videoOf = async (id) => {
  const headers = { authorization: `Bearer ${owner.token}` };
  return (await fetch(new URL(`/api/v2/videos/${id}`, movioUrl), { headers })).json();
};

const becomes = (id, statuses, timeoutMs) =>
  until(
    `a film that is ${statuses.join(' or ')}`,
    async () => {
      const seen = await videoOf(id);
      expect(seen.failure).toBeNull();
      return { ok: statuses.includes(seen.status), seen };
    },
    { timeoutMs, everyMs: 100 },
  );

async function watchToTheEnd({ name, page: path, manifest }, video) {
  const { context, page, faults } = await openPage(browser, { origins: [movioUrl, other.origin] });
  await page.goto(other.origin + path);
  const call = (verb, ...args) => page.evaluate(([v, a]) => window.harness[v](...a), [verb, args]);
  await call('load', new URL(video.playback[manifest], movioUrl).href, false);
  await call('play');
  let latest = 0;
  await until(
    `${name} at the end`,
    async () => {
      const seen = { ...(await call('state')), errors: await page.evaluate(() => window.harness.errors) };
      if (seen.currentTime < latest - 0.2) {
        const jumps = await page.evaluate(() => window.harness.jumps);
        expect.fail(`${name} went back from ${latest}: ${JSON.stringify({ ...seen, jumps })}`);
      }
      latest = seen.currentTime;
      return { ok: seen.ended, seen: { ...seen, faults } };
    },
    { timeoutMs: video.duration_ms + 90_000, everyMs: 250 },
  );
  const errors = await page.evaluate(() => window.harness.errors);
  await context.close();
  expect([
    ...errors.filter((error) => !triedAgain.test(error)),
    ...faults.filter((fault) => !notYet.test(fault)),
  ]).toEqual([]);
}

/** The lengths of a segment's boxes add up to its own: nothing half-written was read. */
function expectWhole(bytes, address) {
  const view = new DataView(bytes);
  const types = [];
  let at = 0;
  while (at + 8 <= bytes.byteLength) {
    types.push(String.fromCharCode(...new Uint8Array(bytes, at + 4, 4)));
    at += Math.max(8, view.getUint32(at));
  }
  expect(at, address).toBe(bytes.byteLength);
  expect(types.filter((type) => type === 'moof' || type === 'mdat').join(), address).toBe('moof,mdat');
}

/** Reads segments that are there or not, as they come; later they must be the same. */
function readOnTheWay(video) {
  const seen = new Map();
  let stopped = false;
  const work = (async () => {
    const { tracks } = await readDash(new URL(video.playback.dash_url, movioUrl).href);
    const addresses = tracks.flatMap((track) => track.segments.map((segment) => segment.address));
    while (!stopped) {
      const address = addresses[Math.floor(Math.random() * addresses.length)];
      const answer = await fetch(address);
      const bytes = await answer.arrayBuffer();
      if (answer.status === 503) continue;
      expect(answer.status, address).toBe(200);
      expectWhole(bytes, address);
      const now = `${answer.headers.get('etag')} ${Buffer.from(bytes).toString('base64')}`;
      expect(seen.get(address) ?? now, `${address} is for ever`).toBe(now);
      seen.set(address, now);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    return addresses;
  })();
  work.catch(() => {}); // it is told by stop()
  return {
    async stop() {
      stopped = true;
      for (const address of await work) {
        const answer = await get(address);
        const bytes = await answer.arrayBuffer();
        expectWhole(bytes, address);
        const now = `${answer.headers.get('etag')} ${Buffer.from(bytes).toString('base64')}`;
        expect(seen.get(address) ?? now, `${address} is for ever`).toBe(now);
      }
      return seen.size;
    },
  };
}

async function watchOneFilm(title) {
  const killer = killAtRandom(server, pauses);
  try {
    const id = await upload(owner, film, title);
    const video = await becomes(id, ['playable', 'ready'], 60_000);
    const reader = readOnTheWay(video);
    await Promise.all(watched.map((player) => watchToTheEnd(player, video)));
    await becomes(id, ['ready'], 120_000);
    expect(await reader.stop(), 'segments read on the way').toBeGreaterThan(0);
  } finally {
    await killer.stop();
  }
  return killer.killed;
}

it(
  'is watched to the end by three players, whatever is killed',
  async () => {
    let killed = 0;
    for (let round = 1; round === 1 || killed < kills; round++) {
      killed += await watchOneFilm(`Killed ${Date.now()}`);
      if (kills > 0) console.log(`killed: ${killed} of ${kills} after ${round} films`);
    }
    expect(killed, 'the film was made too fast').toBeGreaterThanOrEqual(kills > 0 ? kills : killsShort);
  },
  kills > 0 ? 100_000 * kills : 240_000,
);
