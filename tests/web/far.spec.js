// Films of two hours, watched far from their beginning while next to nothing of them is made.
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newAccount } from './support/account.js';
import { launch, openPage, until } from './support/browser.js';
import {
  clip,
  cueText,
  distances,
  earlyInCue,
  isMade,
  makeFarFilm,
  removeFarFilms,
  removeFilm,
  thumbnail,
  uploadLarge,
} from './support/far_film.js';
import { readDash } from './support/manifests.js';
import { movioUrl } from './support/movio.js';
import { otherOrigin } from './support/other_origin.js';
import { notYet, triedAgain } from './support/players.js';
import { plain } from './support/vtt.js';

// Every container has a player of its own; a transport stream holds no text.
const bunny = 'bbb-480p-30s.mp4';
const films = [
  { container: 'mkv', from: bunny, texts: 'subrip', player: 'the page' },
  {
    container: 'mp4',
    from: bunny,
    texts: 'mov_text',
    player: 'hls.js',
    path: '/hls.html',
    manifest: 'hls_url',
  },
  { container: 'ts', from: bunny, texts: null, player: 'Shaka', path: '/shaka.html', manifest: 'hls_url' },
  {
    container: 'webm',
    from: 'tears-of-steel-clip.webm',
    texts: 'webvtt',
    player: 'dash.js',
    path: '/dash.html',
    manifest: 'dash_url',
  },
];
const isLong = process.env.MOVIO_TEST_FAR === '1';
const seeks = isLong ? 10 : 3;
const duration = 2 * 60 * 60;
const apartSeconds = 10 * 60;
// What is made for one seek, and by the batch that follows it, is not where another one goes.
const apartFromAllSeconds = 4 * 60;
const edgeSeconds = 60;
// What may be played between a seek and the look at it.
const playedSecondsMax = 3;
const timeoutMs = isLong ? 600_000 : 240_000;

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
  await removeFarFilms();
});

async function published({ id, lastByteAt }, hasTexts) {
  const headers = { authorization: `Bearer ${owner.token}` };
  const becomes = (what, isSo) =>
    until(
      what,
      async () => {
        const seen = await (await fetch(new URL(`/api/v2/videos/${id}`, movioUrl), { headers })).json();
        expect(seen.failure).toBeNull();
        return { ok: isSo(seen), seen };
      },
      { timeoutMs: 120_000 },
    );
  const seconds = () => ((performance.now() - lastByteAt) / 1000).toFixed(2);
  await becomes('a film that plays', ({ status }) => status === 'playable');
  const playable = seconds();
  const video = await becomes('its subtitles', ({ captions }) => captions.length === (hasTexts ? 1 : 0));
  return { video, times: `playable ${playable} s after the last byte, subtitles ${seconds()} s` };
}

/** The page that shows the film, whichever player it is, with the subtitles on. */
async function watch({ texts, path, manifest }, video) {
  const opened = await openPage(browser, {
    origins: [movioUrl, other.origin],
    viewport: { width: 1280, height: 800 },
  });
  const { page } = opened;
  const call = (verb, ...args) => page.evaluate(([v, a]) => window.harness[v](...a), [verb, args]);
  if (path) {
    await page.goto(other.origin + path);
    await call('load', new URL(video.playback[manifest], movioUrl).href, false);
    await call('play');
  } else {
    await page.goto(`${movioUrl}/watch/${video.id}`);
    await page.getByRole('button', { name: 'Full screen', exact: true }).waitFor();
    await page.evaluate(() => document.querySelector('video').play());
  }
  await page.evaluate(() => {
    const media = document.querySelector('video');
    const presented = (_now, frame) => {
      window.presentedSeconds = frame.mediaTime;
      media.requestVideoFrameCallback(presented);
    };
    media.requestVideoFrameCallback(presented);
  });
  await until('the beginning', async () => {
    const seen = await look(page);
    return { ok: !seen.seeking && seen.currentTime > 0.5, seen };
  });
  if (texts) await showTexts(page, call, path ? null : video.captions[0].label);
  return opened;
}

async function showTexts(page, call, label) {
  if (label === null) {
    await call('showText', 0);
    // A seek while its file is being fetched makes dash.js drop the track for good.
    await until('the subtitles', async () => {
      const seen = await call('loadedTexts');
      return { ok: seen.length > 0, seen };
    });
    return;
  }
  await page.locator('.player').hover({ position: { x: 20, y: 20 } });
  await page.getByRole('button', { name: 'Subtitles', exact: true }).click();
  await page.getByRole('menuitemradio', { name: label, exact: true }).click();
}

/** What the viewer has before them, of the video element and of the text over it. */
const look = (page) =>
  page.evaluate(() => {
    const { currentTime, seeking, paused, readyState, error } = document.querySelector('video');
    const texts = window.harness?.shownTexts() ?? [document.querySelector('.player-text').innerText];
    const { presentedSeconds } = window;
    return {
      currentTime,
      seeking,
      paused,
      readyState,
      presentedSeconds,
      error: error?.message ?? null,
      texts,
    };
  });

const pixelsOf = (page) =>
  page.evaluate(({ width, height }) => {
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const pen = canvas.getContext('2d');
    pen.imageSmoothingQuality = 'high';
    pen.drawImage(document.querySelector('video'), 0, 0, width, height);
    return [...pen.getImageData(0, 0, width, height).data].filter((_, index) => index % 4 < 3);
  }, thumbnail);

/** The same order in every run. */
function* randomSeconds() {
  for (let state = 20261123; ;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const part = state / 2 ** 32;
    yield earlyInCue(edgeSeconds + part * (duration - 2 * edgeSeconds));
  }
}

/** Aims far from each other where no picture is stored in any rung; each is checked just before it is given. */
async function* aimsNotMade(video) {
  const { tracks } = await readDash(new URL(video.playback.dash_url, movioUrl).href);
  const pictures = tracks.filter(({ kind }) => kind === 'video');
  expect(pictures.length).toBeGreaterThan(0);
  const addresses = (seconds) =>
    pictures.map(({ segments }) => segments.findLast(({ start }) => start <= seconds).address);
  const given = [0];
  let tried = 0;
  for (const seconds of randomSeconds()) {
    expect(++tried, 'the film is made too fast for this test').toBeLessThan(500);
    const isNear = (other) => Math.abs(seconds - other) < apartFromAllSeconds;
    if (Math.abs(seconds - given.at(-1)) < apartSeconds || given.some(isNear)) continue;
    if ((await Promise.all(addresses(seconds).map(isMade))).includes(true)) continue;
    given.push(seconds);
    yield seconds;
  }
}

/** Seeks, waits for the picture, holds it, and holds it and the text over it against the film. */
async function seekTo(page, aim, film, hasTexts) {
  const begun = performance.now();
  await page.evaluate((at) => {
    window.presentedSeconds = null;
    document.querySelector('video').currentTime = at;
  }, aim);
  await until(
    `a picture at ${aim} s`,
    async () => {
      const seen = await look(page);
      const { seeking, readyState, currentTime, presentedSeconds } = seen;
      expect(seen.error).toBeNull();
      const ok = !seeking && readyState >= 2 && currentTime >= aim && presentedSeconds !== null;
      return { ok, seen };
    },
    { timeoutMs: 60_000 },
  );
  const waitedMs = performance.now() - begun;
  await page.evaluate(() => document.querySelector('video').pause());
  const held = await until(`the picture of ${aim} s, and its cue`, async () => {
    const seen = await look(page);
    const shown = seen.texts.map(plain).filter(Boolean);
    const wanted = hasTexts ? [cueText(aim)] : [];
    return { ok: seen.paused && JSON.stringify(shown) === JSON.stringify(wanted), seen };
  });
  expect(held.currentTime).toBeGreaterThanOrEqual(aim);
  expect(held.currentTime).toBeLessThan(aim + playedSecondsMax);
  expect(Math.abs(held.presentedSeconds - held.currentTime), JSON.stringify(held)).toBeLessThan(0.2);
  const { own, best } = await distances(film, held.currentTime, await pixelsOf(page));
  // The film's own picture of that moment, but for what encoding takes from it; a still scene has many alike.
  expect(own, `the picture at ${held.currentTime} s`).toBeLessThan(12);
  expect(own - best, `the picture at ${held.currentTime} s`).toBeLessThan(1);
  await page.evaluate(() => document.querySelector('video').play());
  return { waitedMs, own };
}

async function seekFarAndWide(kind, film, video) {
  const { context, page, faults } = await watch(kind, video);
  const waits = [];
  for await (const aim of aimsNotMade(video)) {
    waits.push({ aim, ...(await seekTo(page, aim, film, kind.texts !== null)) });
    if (waits.length === seeks) break;
  }
  const errors = await page.evaluate(() => window.harness?.errors ?? []);
  expect(await page.locator('.player-error').count()).toBe(0);
  await context.close();
  expect([
    ...errors.filter((error) => !triedAgain.test(error)),
    ...faults.filter((fault) => !notYet.test(fault)),
  ]).toEqual([]);
  const said = waits.map(
    ({ aim, waitedMs, own }) => `${aim} s: ${Math.round(waitedMs)} ms (${own.toFixed(1)})`,
  );
  const refused = faults.filter((fault) => /^503 /.test(fault)).length;
  return `${said.join(', ')}; ${refused} answers of 503`;
}

describe.each(isLong ? films : films.slice(0, 1))('a film of two hours in $container', (kind) => {
  it.skipIf(!process.env.MOVIO_TEST_DATA || !existsSync(clip(kind.from)))(
    `plays wherever it is sought by ${kind.player}, while nothing is made there`,
    async () => {
      const film = await makeFarFilm(kind, duration);
      const sent = await uploadLarge(owner, film, `Far ${kind.container} ${Date.now()}`);
      try {
        const { video, times } = await published(sent, kind.texts !== null);
        console.log(`far: ${kind.container}: ${times}`);
        expect(Math.abs(video.duration_ms / 1000 - duration)).toBeLessThan(1);
        console.log(`far: ${kind.container}, ${kind.player}: ${await seekFarAndWide(kind, film, video)}`);
      } finally {
        await removeFilm(owner, sent.id);
        await removeFarFilms();
      }
    },
    timeoutMs,
  );
});
