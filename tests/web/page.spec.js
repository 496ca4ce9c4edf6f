// The web app as a viewer uses it, served by the real program.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { button, desktop, faults, inBrowser, movie, open, page, phone, shoot } from './support/app.js';
import { until } from './support/browser.js';
import { get, movioUrl, videoId } from './support/movio.js';
import { parseVtt, plain } from './support/vtt.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const narrow = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true };
const wide = { viewport: { width: 2560, height: 1300 } };
const dark = { ...desktop, colorScheme: 'dark' };

inBrowser();

const watchPath = `/watch/${videoId}`;
/** The controls leave a playing picture alone: a pointer that moves brings them back. */
async function press(name) {
  await page.locator('.player').hover({ position: { x: 20, y: 20 } });
  await button(name).click();
}
/** Empty until the page shows a player. */
const state = () =>
  page.evaluate(() => {
    const { currentTime, paused, muted, playbackRate, videoWidth, videoHeight, seeking } =
      document.querySelector('video') ?? {};
    return { currentTime, paused, muted, playbackRate, videoWidth, videoHeight, seeking };
  });
const becomes = (what, check) =>
  until(what, async () => {
    const seen = await state();
    return { ok: check(seen), seen };
  });

/** The video's card; the list may be longer than a page. */
async function card() {
  const link = page.locator(`a[href="${watchPath}"]`);
  const more = button('Show more');
  await page.getByRole('heading', { name: 'Videos' }).waitFor();
  while ((await link.count()) === 0 && (await more.count()) > 0) {
    await more.click();
    await page.waitForLoadState('networkidle');
  }
  return link;
}

/** The sound tracks of which segments were fetched; their folders begin with their kind: a-4-en-2/1.m4s. */
const soundsFetched = () =>
  page.evaluate(() => {
    const folders = performance.getEntriesByType('resource').map(({ name }) => name.split('/').at(-2));
    return [...new Set(folders.filter((name) => name.startsWith('a-')))];
  });

async function violations() {
  await page.evaluate(axe);
  const result = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }),
  );
  return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
}

describe('from the list to the picture', () => {
  it('shows the video in the list, and a click plays it', async () => {
    await open('/');
    const link = await card();
    expect(await link.innerText()).toBe(movie.title);
    const poster = page.locator('article', { has: link }).locator('img');
    if (movie.playback.poster_url) {
      await poster.scrollIntoViewIfNeeded();
      await until('the poster', async () => {
        const seen = await poster.evaluate((image) => image.naturalWidth);
        return { ok: seen > 0, seen };
      });
    }
    await shoot('list');
    await link.click();
    await page.waitForURL(movioUrl + watchPath);
    await becomes('three seconds of playback', (seen) => !seen.paused && seen.currentTime >= 3);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(movie.title);
    await shoot('watch');
  });

  it('moves the poster under the pointer', async () => {
    expect(movie.playback.preview_url).not.toBeNull();
    await open('/');
    const link = await card();
    const preview = page.locator('article', { has: link }).locator('[data-preview]');
    expect(await preview.count()).toBe(0);
    await link.hover();
    await until('the preview', async () => {
      const seen = await preview.evaluate((image) => ({ width: image.naturalWidth, ...image.dataset }));
      return { ok: seen.width > 0 && 'loaded' in seen, seen };
    });
    await shoot('list-preview');
    await page.mouse.move(2, 2);
    await until('the poster again', async () => ({ ok: (await preview.count()) === 0 }));
  });

  it('shows what is where the pointer is on the bar, from the manifest and from the file of thumbnails', async () => {
    const { storyboard_url: storyboard } = movie.playback;
    expect(storyboard).not.toBeNull();
    const cues = (await (await get(storyboard)).text()).match(/#xywh=\d+,\d+,\d+,\d+/g);
    // Where there is no MediaSource for DASH to use, or the manifest was fetched early, the file says the same.
    for (const named of [true, false]) {
      await open('/');
      if (!named) {
        await page.route('**/main.mpd', async (route) => {
          const answer = await route.fetch();
          const images = /<AdaptationSet [^>]*contentType="image".*?<\/AdaptationSet>/s;
          const body = (await answer.text()).replace(images, '');
          await route.fulfill({ response: answer, body });
        });
      }
      await page.goto(movioUrl + watchPath);
      await button('Full screen').waitFor();
      const bar = page.locator('.seek');
      const { x, y, width, height } = await bar.boundingBox();
      for (const share of [0.1, 0.9]) {
        await page.mouse.move(x + width * share, y + height / 2);
        const tile = Math.min(cues.length - 1, Math.floor((share * movie.duration_ms) / 4000));
        const [left, top, wide_, high] = cues[tile].match(/\d+/g).map(Number);
        await until(`the thumbnail at ${share}`, async () => {
          const seen = await page.evaluate(() => {
            const shown = document.querySelector('[data-thumbnail]');
            const { backgroundImage, backgroundPosition, width: w, height: h } = shown?.style ?? {};
            return { backgroundImage, backgroundPosition, w, h };
          });
          const ok =
            seen.backgroundImage?.includes('/image/storyboard-') &&
            seen.backgroundPosition === `${-left}px ${-top}px` &&
            seen.w === `${wide_}px` &&
            seen.h === `${high}px`;
          return { ok, seen };
        });
      }
      await shoot(named ? 'watch-thumbnail' : 'watch-thumbnail-file');
    }
  });

  it('plays on a phone, with targets a thumb can hit', async () => {
    await open('/', phone);
    const link = await card();
    await shoot('list-phone');
    await link.tap();
    await becomes('playback', (seen) => !seen.paused && seen.currentTime >= 1);
    await page.locator('.surface').tap({ position: { x: 40, y: 40 } });
    await shoot('watch-phone');
    for (const control of await page.locator('.controls .control').all()) {
      const { width, height } = await control.boundingBox();
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(44);
    }
    await button('Quality').tap();
    await page.getByRole('menuitemradio').first().waitFor();
    await shoot('watch-phone-menu');
  });

  it.each([
    ['320', narrow],
    ['2560', wide],
  ])('fits a screen of %s pixels', async (name, size) => {
    await open('/', size);
    await card();
    await shoot(`list-${name}`);
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(await overflow()).toBeLessThanOrEqual(0);
    await page.goto(movioUrl + watchPath);
    await button('Full screen').waitFor();
    await shoot(`watch-${name}`);
    expect(await overflow()).toBeLessThanOrEqual(0);
    const row = await page.locator('.controls-row').boundingBox();
    expect(row.x + row.width).toBeLessThanOrEqual(size.viewport.width);
  });
});

describe('the player', () => {
  beforeEach(async () => {
    await open(watchPath);
    await page.locator('.big-play').click();
    await becomes('playback', (seen) => !seen.paused && seen.currentTime > 0.3);
  });

  it('obeys the keyboard', async () => {
    await page.keyboard.press(' ');
    await becomes('a pause', (seen) => seen.paused);
    const { currentTime } = await state();
    await page.keyboard.press('ArrowRight');
    await becomes('five seconds on', (seen) => Math.abs(seen.currentTime - currentTime - 5) < 0.3);
    await page.keyboard.press('ArrowLeft');
    await becomes('five seconds back', (seen) => Math.abs(seen.currentTime - currentTime) < 0.3);
    await page.keyboard.press('m');
    await becomes('silence', (seen) => seen.muted);
    await page.keyboard.press('f');
    await page.waitForFunction(() => document.fullscreenElement?.classList.contains('player'));
    await page.keyboard.press('f');
    await page.waitForFunction(() => document.fullscreenElement === null);
    await page.keyboard.press('c');
    await press('Subtitles');
    expect(await page.getByRole('menuitemradio', { name: 'Off' }).getAttribute('aria-checked')).toBe('false');
  });

  it('changes the quality to each rung', async () => {
    for (const rung of movie.rungs) {
      await press('Quality');
      await page
        .getByRole('menuitemradio', { name: `${Math.min(rung.width, rung.height)}p`, exact: true })
        .click();
      await becomes(`${rung.width}x${rung.height}`, (seen) => seen.videoHeight === rung.height);
    }
    await press('Quality');
    await page.getByRole('menuitemradio', { name: /^Automatic/ }).click();
  });

  it('changes the sound track, and plays on', async () => {
    const items = page.getByRole('menuitemradio');
    const chosen = () => items.evaluateAll((all) => all.map((item) => item.getAttribute('aria-checked')));
    expect((await soundsFetched()).length).toBe(1);
    await press('Sound track');
    expect(await items.count()).toBe(movie.audio.length);
    expect((await chosen()).filter((checked) => checked === 'true')).toHaveLength(1);
    const next = (await chosen()).indexOf('false');
    await items.nth(next).click();
    const { currentTime } = await state();
    await becomes('the other sound', (seen) => !seen.paused && seen.currentTime > currentTime + 3);
    expect((await soundsFetched()).length).toBe(2);
    await press('Sound track');
    expect((await chosen()).indexOf('true')).toBe(next);
  });

  it('changes the speed', async () => {
    await press('Speed');
    await page.getByRole('menuitemradio', { name: '1.5×' }).click();
    await becomes('the new speed', (seen) => seen.playbackRate === 1.5);
  });

  it('shows the chosen subtitles over the picture', async () => {
    await page.keyboard.press(' ');
    for (const caption of movie.captions) {
      const cues = parseVtt(await (await get(caption.url)).text());
      const cue = cues[Math.floor(cues.length / 2)];
      await page.evaluate(
        (at) => (document.querySelector('video').currentTime = at),
        (cue.start + cue.end) / 2,
      );
      await press('Subtitles');
      await page.getByRole('menuitemradio', { name: caption.label, exact: true }).click();
      await until(`"${cue.text}"`, async () => {
        const seen = plain(await page.locator('.player-text').innerText());
        return { ok: seen.includes(cue.text), seen };
      });
    }
    await shoot('watch-subtitles');
  });

  it('lists and shows subtitles that joined after the manifest was fetched', async () => {
    let removed = 0;
    await page.route('**/main.mpd', async (route) => {
      const answer = await route.fetch();
      const body = (await answer.text()).replace(
        /<AdaptationSet[^>]*contentType="text".*?<\/AdaptationSet>/gs,
        () => (removed++, ''),
      );
      await route.fulfill({ response: answer, body });
    });
    await page.reload();
    await page.locator('.big-play').waitFor();
    expect(removed).toBe(movie.captions.length);
    const [caption] = movie.captions;
    const [cue] = parseVtt(await (await get(caption.url)).text());
    await page.evaluate(
      (at) => (document.querySelector('video').currentTime = at),
      (cue.start + cue.end) / 2,
    );
    await press('Subtitles');
    expect(await page.getByRole('menuitemradio').count()).toBe(movie.captions.length + 1);
    await page.getByRole('menuitemradio', { name: caption.label, exact: true }).click();
    await until(`"${cue.text}"`, async () => {
      const seen = plain(await page.locator('.player-text').innerText());
      return { ok: seen.includes(cue.text), seen };
    });
  });

  it('goes to where the bar is pressed', async () => {
    await page.locator('.player').hover({ position: { x: 20, y: 20 } });
    const bar = await page.getByRole('slider', { name: 'Position' }).boundingBox();
    await page.mouse.click(bar.x + bar.width * 0.6, bar.y + bar.height / 2);
    const wanted = (movie.duration_ms / 1000) * 0.6;
    await becomes('the new place', (seen) => !seen.seeking && Math.abs(seen.currentTime - wanted) < 2);
  });
});

describe('an address', () => {
  it('with ?t= plays from there', async () => {
    await open(`${watchPath}?t=10`);
    // The position is there before a picture is; `played` has a range only from the first one on.
    await page.waitForFunction(() => document.querySelector('video')?.played.length > 0);
    const began = await page.evaluate(() => document.querySelector('video').played.start(0));
    expect(began).toBeGreaterThanOrEqual(9.9);
    expect(began).toBeLessThan(10.5);
  });

  it('of no page says so', async () => {
    await open('/no/such/page');
    await page.getByRole('heading', { name: 'Page not found' }).waitFor();
  });

  it('of no video says so', async () => {
    await open('/watch/01936b2e-0000-7000-8000-ffffffffffff');
    await page.getByText('There is no such video').waitFor();
    // The one answer that is an error here is the expected one.
    expect(faults.some((fault) => fault.startsWith('404 '))).toBe(true);
    faults.length = 0;
  });
});

describe('accessibility, by axe', () => {
  it.each([
    ['light', desktop],
    ['dark', dark],
  ])('finds nothing on the %s pages', async (name, options) => {
    await open('/', options);
    await card();
    await shoot(`list-${name}`);
    expect(await violations()).toEqual([]);
    await page.goto(movioUrl + watchPath);
    await page.locator('.big-play').waitFor();
    await shoot(`watch-${name}`);
    expect(await violations()).toEqual([]);
  });
});
