// The three players where they are most likely to trip: another rung with each segment, and seeks to anywhere.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launch, openPage, until } from './support/browser.js';
import { movioUrl, readyVideo } from './support/movio.js';
import { otherOrigin } from './support/other_origin.js';
import { players } from './support/players.js';

const seeks = 20;
const edgeSeconds = 0.1;

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

/** Numbers between 0 and 1, the same in each run. */
function dice(seed) {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

describe.each(players)('$name', ({ page: path, manifest }) => {
  let page;
  let faults;
  let context;
  let asked;

  const call = (name, ...args) => page.evaluate(([n, a]) => window.harness[n](...a), [name, args]);

  beforeEach(async () => {
    ({ page, faults, context } = await openPage(browser, { origins: [movioUrl, other.origin] }));
    asked = new Map();
    page.on('request', (request) => {
      const [, rung, number] = /\/(v-[^/]+)\/(\d+)\.m4s$/.exec(new URL(request.url()).pathname) ?? [];
      if (rung) asked.set(Number(number), rung);
    });
    await page.goto(other.origin + path);
  });

  afterEach(async () => {
    const errors = await page.evaluate(() => window.harness.errors);
    await context.close();
    expect([...errors, ...faults]).toEqual([]);
  });

  it('plays to the end in one piece with another rung for each segment', async () => {
    expect(movie.rungs.length).toBeGreaterThan(1);
    await call('loadSwitching', movie.playback[manifest]);
    await call('play', 2);
    const times = [];
    const seen = await until(
      'the end',
      async () => {
        const now = await call('state');
        times.push(now.currentTime);
        return { ok: now.ended, seen: now };
      },
      { timeoutMs: movie.duration_ms / 2 + 40_000 },
    );
    expect(times.every((time, index) => index === 0 || time >= times[index - 1])).toBe(true);
    const rungs = [...asked].sort(([one], [next]) => one - next).map(([, rung]) => rung);
    const switches = rungs.filter((rung, index) => index > 0 && rung !== rungs[index - 1]).length;
    expect(switches, `rungs by segment: ${rungs}`).toBeGreaterThanOrEqual(rungs.length - 3);
    expect(rungs.length, 'segments').toBeGreaterThan(4);
    expect(seen.buffered).toHaveLength(1);
    const [[start, end]] = seen.buffered;
    expect(start).toBeLessThanOrEqual(edgeSeconds);
    expect(Math.abs(end - movie.duration_ms / 1000)).toBeLessThanOrEqual(edgeSeconds);
  });

  it(`plays on after each of ${seeks} seeks to anywhere`, async () => {
    await call('load', movie.playback[manifest], false);
    await call('play');
    const { duration } = await until('the length', async () => {
      const seen = await call('state');
      return { ok: seen.duration > 0 && seen.currentTime > 0, seen };
    });
    const random = dice(20);
    for (let number = 1; number <= seeks; number++) {
      const target = random() * (duration - 2);
      await call('seek', target);
      let latest = 0;
      await until(`seek ${number}, to ${target.toFixed(2)} s`, async () => {
        const seen = await call('state');
        if (!seen.seeking) {
          expect(seen.currentTime, 'it never goes back').toBeGreaterThanOrEqual(latest);
          latest = seen.currentTime;
        }
        const ok = !seen.seeking && seen.currentTime > target + 0.3 && seen.currentTime < target + 6;
        return { ok, seen };
      });
    }
  });
});
