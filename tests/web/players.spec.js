// The three players that most sites use, from their npm packages, on a page of another origin.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launch, openPage, until } from './support/browser.js';
import { get, movioUrl, readyVideo } from './support/movio.js';
import { otherOrigin } from './support/other_origin.js';
import { players } from './support/players.js';
import { parseVtt } from './support/vtt.js';

// What a picture and a sound frame may differ at the ends of a film, and what a timer may be late.
const edgeSeconds = 0.1;
const cueSeconds = 0.05;

let browser;
let other;
let movie;

beforeAll(async () => {
  movie = await readyVideo();
  other = await otherOrigin();
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await other?.close();
});

describe.each(players)('$name', ({ page: path, manifest }) => {
  let page;
  let faults;
  let context;

  const call = (name, ...args) => page.evaluate(([n, a]) => window.harness[n](...a), [name, args]);
  const state = () => call('state');

  beforeEach(async () => {
    ({ page, faults, context } = await openPage(browser, { origins: [movioUrl, other.origin] }));
    await page.goto(other.origin + path);
  });

  // Players drop what has been played; `keepAll` tells them not to, everything else is as they come.
  const load = (keepAll = false) => call('load', movie.playback[manifest], keepAll);

  afterEach(async () => {
    const errors = await page.evaluate(() => window.harness.errors);
    await context.close();
    expect([...errors, ...faults]).toEqual([]);
  });

  const playsOnFrom = (what, seconds) =>
    until(what, async () => {
      const seen = await state();
      const ok =
        !seen.seeking && !seen.paused && seen.currentTime > seconds && seen.currentTime < seconds + 6;
      return { ok, seen };
    });

  it('plays ten seconds in about ten seconds', async () => {
    await load();
    await call('play');
    const first = await playsOnFrom('the first picture', 0);
    const begun = Date.now();
    await until('ten seconds', async () => {
      const seen = await state();
      return { ok: seen.currentTime >= first.currentTime + 10, seen };
    });
    expect(Date.now() - begun).toBeLessThan(13_000);
    expect((await state()).duration * 1000).toBeCloseTo(movie.duration_ms, -2);
  });

  it('plays on after each of five seeks', async () => {
    await load();
    await call('play');
    await playsOnFrom('the beginning', 0);
    const { duration } = await state();
    for (const part of [0.7, 0.12, 0.88, 0.41, 0.02]) {
      const target = duration * part;
      await call('seek', target);
      const seen = await playsOnFrom(`after a seek to ${target.toFixed(1)} s`, target + 0.3);
      expect(seen.videoHeight).toBeGreaterThan(0);
    }
  });

  it('shows each rung when it is forced', async () => {
    await load();
    const rungs = await call('rungs');
    const size = ({ width, height }) => `${width}x${height}`;
    expect(rungs.map(size).sort()).toEqual(movie.rungs.map(size).sort());
    await call('play');
    for (const [index, rung] of rungs.entries()) {
      await call('seek', 1);
      await playsOnFrom('the beginning', 1);
      await call('force', index);
      const { currentTime } = await until(`the picture of ${size(rung)}`, async () => {
        const seen = await state();
        return { ok: seen.videoWidth === rung.width && seen.videoHeight === rung.height, seen };
      });
      await playsOnFrom(`${size(rung)} plays on`, currentTime + 0.5);
    }
  });

  it('lists every sound track and every language of subtitles', async () => {
    await load();
    const sorted = (list) => [...list].sort();
    expect(sorted(await call('sounds'))).toEqual(sorted(movie.audio.map((track) => track.language)));
    expect(sorted(await call('texts'))).toEqual(sorted(movie.captions.map((caption) => caption.language)));
  });

  it('shows the subtitles at the right second', async () => {
    expect(movie.captions.length).toBeGreaterThan(0);
    await load();
    for (const caption of movie.captions) {
      const cues = parseVtt(await (await get(caption.url)).text()).filter(
        (cue) => cue.end - cue.start >= 0.5,
      );
      expect(cues.length, `cues in ${caption.url}`).toBeGreaterThan(0);
      const index = (await call('texts')).indexOf(caption.language);
      expect(index, `${caption.language} is listed`).toBeGreaterThanOrEqual(0);
      await showsTrack(index, caption.language, cues);
      for (const cue of sample(cues)) await showsCue(caption.language, cue);
    }
  });

  /** A seek while its file is being fetched makes dash.js drop the track for good, so the track is waited for. */
  async function showsTrack(index, language, cues) {
    await call('seek', cues[0].start);
    await call('play');
    await playsOnFrom(`the first cue in ${language}`, cues[0].start);
    await call('showText', index);
    const texts = cues.map((cue) => cue.text);
    await until(`a cue in ${language}`, async () => {
      const seen = await call('loadedTexts');
      return { ok: seen.some((text) => texts.includes(text)), seen };
    });
  }

  /** Played from a little before its time, a cue is not there yet, and then is, with the times of the file. */
  async function showsCue(language, cue) {
    await call('seek', Math.max(0, cue.start - 0.6));
    await call('play');
    const first = await page.evaluate(
      ([text, end]) => window.harness.firstSight(text, end),
      [cue.text, cue.end + 0.5],
    );
    const what = `"${cue.text}" (${language}, ${cue.start} s)`;
    expect(first, `${what} is shown`).not.toBeNull();
    expect(first.currentTime, `${what} is not shown early`).toBeGreaterThanOrEqual(cue.start - cueSeconds);
    expect(first.currentTime, `${what} is not shown late`).toBeLessThanOrEqual(cue.end + cueSeconds);
    expect(Math.abs(first.start - cue.start), `${what} has the start of the file`).toBeLessThanOrEqual(
      cueSeconds,
    );
    expect(Math.abs(first.end - cue.end), `${what} has the end of the file`).toBeLessThanOrEqual(cueSeconds);
  }

  it('leaves one continuous buffered range at the end', async () => {
    await load(true);
    await call('play', 2);
    const seen = await until(
      'the end',
      async () => {
        const now = await state();
        return { ok: now.ended, seen: now };
      },
      { timeoutMs: movie.duration_ms / 2 + 20_000 },
    );
    expect(seen.buffered).toHaveLength(1);
    const [[start, end]] = seen.buffered;
    expect(start).toBeLessThanOrEqual(edgeSeconds);
    expect(end).toBeGreaterThanOrEqual(movie.duration_ms / 1000 - edgeSeconds);
    expect(end).toBeLessThanOrEqual(movie.duration_ms / 1000 + edgeSeconds);
  });
});

/** The first, one in the middle and the last. */
function sample(cues) {
  return [...new Set([cues[0], cues[Math.floor(cues.length / 2)], cues.at(-1)])];
}
