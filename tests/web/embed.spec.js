// The player inside of other people's pages: of every origin for a film that everybody may see, of those that a link
// names for one that not everybody may.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { logIn, newAccount, upload } from './support/account.js';
import { launch, openPage, until } from './support/browser.js';
import { movioUrl, readyVideo, required, videoId } from './support/movio.js';
import { otherOrigin } from './support/other_origin.js';

const privateFilm = required('MOVIO_PASSED_FILM', 'the path of an MP4 that needs no encoding');
const refused = 'chrome-error://chromewebdata/';
// A page with the frame that its address names.
const course = `<!doctype html><meta charset="utf-8"><title>Course</title><script>
addEventListener('DOMContentLoaded', () => {
  document.body.innerHTML = decodeURIComponent(location.hash.slice(1));
});
</script><body></body>`;

let browser;
let other;
let school;
let owner;
let film;
let movie;
let page;
let faults;
let context;

async function ask(method, path, body) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${owner.token}` };
  const answer = await fetch(movioUrl + path, { method, headers, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
  return answer.status === 204 ? null : answer.json();
}

beforeAll(async () => {
  other = await otherOrigin({ '/course.html': course });
  // Another site, not only another origin: browsers send no cookies of ours from there.
  school = other.origin.replace('127.0.0.1', 'localhost');
  movie = await readyVideo();
  browser = await launch();
  owner = await newAccount();
  film = await upload(owner, privateFilm, 'For the course');
  await until(
    'the film',
    async () => {
      const seen = await ask('GET', `/api/v2/videos/${film}`);
      return { ok: seen.status === 'ready', seen: seen.status };
    },
    { timeoutMs: 60_000 },
  );
  await ask('PATCH', `/api/v2/videos/${film}`, { visibility: 'private' });
}, 90_000);
afterAll(async () => {
  await browser?.close();
  await other?.close();
});

beforeEach(async () => {
  const origins = [new URL(movioUrl).origin, other.origin, school];
  ({ page, faults, context } = await openPage(browser, { origins }));
});
afterEach(async () => {
  await context.close();
  expect(faults).toEqual([]);
});

const iframe = (address) =>
  `<iframe src="${address}" allow="autoplay; fullscreen" width="640" height="360"></iframe>`;
let shown = 0;
/** Another address each time: what follows the # alone loads nothing anew. */
const show = (html, at = school) => page.goto(`${at}/course.html?${++shown}#${encodeURIComponent(html)}`);
/** What is in the frame, once it has an address. */
async function frame() {
  await until('the frame', () => ({
    ok: page.frames().length === 2 && page.frames()[1].url() !== '',
    seen: page.url(),
  }));
  return page.frames()[1];
}
const inFrame = () => page.frameLocator('iframe');
const state = async () => {
  const read = (video) => ({
    time: video.currentTime,
    ended: video.ended,
    muted: video.muted,
    paused: video.paused,
  });
  return (await frame()).locator('video').evaluate(read);
};
const plays = (what, from = 0) =>
  until(what, async () => {
    const seen = await state();
    return { ok: seen.time > from, seen };
  });

describe('a film that everybody may see', () => {
  it('plays in a page of another site, as its address asks, without cookies', async () => {
    const asked = [];
    page.on('request', (request) => asked.push(request));
    const caption = movie.captions.at(-1);
    await show(iframe(`${movioUrl}/embed/${videoId}?t=12&autoplay=1&muted=1&captions=${caption.language}`));
    const seen = await plays('the film', 12.5);
    expect(seen).toMatchObject({ muted: true, paused: false });
    expect(seen.time).toBeLessThan(20);
    const link = inFrame().getByRole('link', { name: movie.title });
    expect(await link.getAttribute('href')).toBe(`/watch/${videoId}`);
    await inFrame().locator('.player').hover();
    await inFrame().getByRole('button', { name: 'Subtitles' }).click();
    const chosen = inFrame().getByRole('menuitemradio', { checked: true });
    expect(await chosen.textContent()).toBe(caption.label);
    const ours = asked.filter((request) => request.url().startsWith(movioUrl));
    for (const request of ours) expect((await request.allHeaders()).cookie, request.url()).toBeUndefined();
    const paths = ours.map((request) => new URL(request.url()).pathname);
    expect(paths.filter((path) => path.startsWith('/api/'))).toEqual([]);
    expect(await context.cookies()).toEqual([]);
  });

  it('begins nothing by itself where nobody asks for that', async () => {
    await show(iframe(`${movioUrl}/embed/${videoId}`));
    await inFrame().locator('.big-play').waitFor();
    expect(await state()).toMatchObject({ time: 0, paused: true });
    await inFrame().locator('.big-play').click();
    await plays('the film');
  });

  it('loads little before the player itself', async () => {
    const scripts = [];
    page.on('response', (answer) => {
      if (/\.(js|css)$/.test(new URL(answer.url()).pathname)) scripts.push(answer);
    });
    await show(iframe(`${movioUrl}/embed/${videoId}`));
    await inFrame().locator('.big-play').waitFor();
    const sizes = await Promise.all(
      scripts.map(async (answer) => [answer.url(), (await answer.body()).length]),
    );
    const shaka = sizes.filter(([url]) => /shaka/.test(url));
    const rest = sizes.filter(([url]) => !/shaka/.test(url)).reduce((sum, [, bytes]) => sum + bytes, 0);
    expect(shaka).toHaveLength(1);
    console.log(`embedded page: ${rest} bytes of scripts and styles beside Shaka Player's ${shaka[0][1]}`);
    expect(rest).toBeLessThan(400_000);
  });
});

it('shows no other page in a frame', async () => {
  const isBlocked = (fault) => fault.includes("frame-ancestors 'none'") && fault.includes(`'${movioUrl}`);
  for (const path of ['/', `/watch/${videoId}`, '/login', '/doc/', '/examples/player.html']) {
    await show(iframe(movioUrl + path));
    await until(`${path} is blocked`, () => ({ ok: faults.some(isBlocked), seen: faults }));
    expect(faults.splice(0).filter((fault) => !isBlocked(fault))).toEqual([]);
    expect(page.frames().filter((shownFrame) => shownFrame.url().startsWith(movioUrl))).toEqual([]);
  }
});

it('says so where there is no film, in the same words as for one that may not be shown', async () => {
  const texts = [];
  for (const id of ['019aaaaa-0000-7000-8000-000000000000', film]) {
    await show(iframe(`${movioUrl}/embed/${id}`));
    texts.push(await inFrame().locator('main').textContent());
  }
  expect(texts[0]).toContain('There is no such video');
  expect(texts[1]).toBe(texts[0]);
  expect(
    faults.splice(0).every((fault) => /404/.test(fault)),
    'faults',
  ).toBe(true);
});

describe('a link to a private film', () => {
  let link;
  beforeEach(async () => {
    link = await ask('POST', `/api/v2/videos/${film}/embed-links`, { origins: [school], expires_in_s: 3600 });
  });

  it('plays it to its end in a page of the named site, without cookies', async () => {
    await show(`${link.html}`);
    await inFrame().locator('.big-play').click();
    await plays('the beginning');
    await (await frame()).locator('video').evaluate((video) => (video.playbackRate = 4));
    await until('the end', async () => {
      const seen = await state();
      return { ok: seen.ended, seen };
    });
    expect(await inFrame().getByRole('link').count()).toBe(0);
    expect(await context.cookies()).toEqual([]);
  });

  it('shows nothing on other sites, nor alone', async () => {
    await show(iframe(link.url), other.origin);
    // Its Referer says so before the browser has to.
    expect(await inFrame().locator('main').textContent()).toContain('There is no such video');
    await page.goto(link.url);
    expect(await page.locator('main').textContent()).toContain('There is no such video');
    expect(
      faults.splice(0).every((fault) => /404/.test(fault)),
      'faults',
    ).toBe(true);
  });

  it('is refused by the browser where a page of another site hides who it is', async () => {
    await show(iframe(link.url).replace('<iframe', '<iframe referrerpolicy="no-referrer"'), other.origin);
    await until('the frame', async () => ({
      ok: (await frame()).url() === refused,
      seen: (await frame()).url(),
    }));
    expect(
      faults.splice(0).every((fault) => /frame-ancestors/.test(fault)),
      'faults',
    ).toBe(true);
  });

  it('shows nothing any more once it is taken back', async () => {
    await show(iframe(link.url));
    await inFrame().locator('.big-play').waitFor();
    await ask('DELETE', `/api/v2/videos/${film}/embed-links/${link.id}`);
    await page.reload();
    expect(await inFrame().locator('main').textContent()).toContain('There is no such video');
    expect(
      faults.splice(0).every((fault) => /404/.test(fault)),
      'faults',
    ).toBe(true);
  });
});

it('is made by the owner on the page, whose HTML shows the film', async () => {
  await page.goto(movioUrl);
  await logIn(page, owner);
  await page.goto(`${movioUrl}/watch/${film}`);
  await page.getByRole('button', { name: 'Embed For the course' }).click();
  const dialog = page.getByRole('dialog', { name: 'Embed' });
  await dialog.getByLabel('Sites that may show it, one on each line').fill(`${school}/course.html`);
  await dialog.getByRole('button', { name: 'Make a link' }).click();
  const html = await dialog.getByLabel('HTML').inputValue();
  const revoke = dialog.getByRole('button', { name: `Take back the link for ${school}` });
  await revoke.first().waitFor();
  await context.close();
  ({ page, faults, context } = await openPage(browser, { origins: [new URL(movioUrl).origin, school] }));
  await show(html);
  await inFrame().locator('.big-play').click();
  await plays('the film');
});
