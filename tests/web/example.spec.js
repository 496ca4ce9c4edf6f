// The one-file player that the build leaves in web/examples: used from disk, from another origin, and from the server.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launch, openPage, screenshots, until } from './support/browser.js';
import { get, movioUrl, readyVideo } from './support/movio.js';
import { otherOrigin } from './support/other_origin.js';

const file = new URL('../../web/examples/player.html', import.meta.url);

let browser;
let other;
let movie;
let opened;

beforeAll(async () => {
  movie = await readyVideo();
  other = await otherOrigin({ '/player.html': readFileSync(file) });
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await other?.close();
});
afterEach(async () => {
  await opened?.context.close();
  expect(opened?.faults).toEqual([]);
});

async function open(address) {
  opened = await openPage(browser, {
    origins: [new URL(movioUrl).origin, other.origin],
    viewport: { width: 1280, height: 900 },
  });
  await opened.page.goto(address);
  return opened.page;
}

async function plays(page) {
  await page.locator('.big-play').click();
  await until('three seconds of playback', async () => {
    const seen = await page.evaluate(() => document.querySelector('video').currentTime);
    return { ok: seen >= 3, seen };
  });
}

async function menu(page, name) {
  // The controls leave a playing picture alone: a pointer that moves brings them back.
  await page.locator('.player').hover({ position: { x: 20, y: 20 } });
  await page.getByRole('button', { name, exact: true }).click();
  const items = await page.getByRole('menuitemradio').allInnerTexts();
  await page.keyboard.press('Escape');
  return items.map((item) => item.trim());
}

const source = (name) => `?src=${encodeURIComponent(movie.playback[name])}`;

describe.each(['dash_url', 'hls_url'])('player.html with %s', (manifest) => {
  it('plays from another origin, with its menus', async () => {
    const page = await open(`${other.origin}/player.html${source(manifest)}`);
    await plays(page);
    await page.screenshot({ path: join(screenshots, `example-${manifest}.png`) });
    expect((await menu(page, 'Quality')).length).toBe(movie.rungs.length + 1);
    expect((await menu(page, 'Subtitles')).length).toBe(movie.captions.length + 1);
    if (movie.audio.length > 1) expect((await menu(page, 'Sound track')).length).toBe(movie.audio.length);
  });

  it('plays from disk', async () => {
    await plays(await open(file + source(manifest)));
  });
});

it('is the file that Movio serves', async () => {
  expect(await (await get('/examples/player.html')).text()).toBe(readFileSync(file, 'utf8'));
});

it('plays where Movio serves it, by a relative address', async () => {
  const { pathname } = new URL(movie.playback.dash_url);
  await plays(await open(`${movioUrl}/examples/player.html?src=${pathname}`));
});

it('plays an address that is typed in', async () => {
  const page = await open(`${other.origin}/player.html`);
  await page.getByLabel(/Manifest address/).fill(movie.playback.dash_url);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await plays(page);
});
