// The web app in a browser of its own, a page at a time.
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launch, openPage, screenshots } from './browser.js';
import { movioUrl, readyVideo } from './movio.js';

export const desktop = { viewport: { width: 1280, height: 800 } };
export const phone = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2,
};

/** The video under test. */
export let movie;
/** What `open` opened last. */
export let page;
/** What went wrong in it; a test takes out what it expects. */
export let faults;

let browser;
let context;

/** For the top of a spec: a browser for all its tests, each of which ends with its page closed and no fault. */
export function inBrowser() {
  beforeAll(async () => {
    movie = await readyVideo();
    browser = await launch();
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    await context?.close();
    expect(faults).toEqual([]);
  });
}

export async function open(path, options = desktop) {
  ({ page, context, faults } = await openPage(browser, { origins: [new URL(movioUrl).origin], ...options }));
  await page.goto(movioUrl + path);
}

export const button = (name) => page.getByRole('button', { name, exact: true });
export const shoot = (name) => page.screenshot({ path: join(screenshots, `${name}.png`) });

/** Takes what a test expects to be refused out of the faults. */
export function expectRefusal(status, path) {
  const refused = [`${status} `, `status of ${status} `];
  const isIt = (fault) => fault.includes(path) || refused.some((words) => fault.includes(words));
  expect(faults.some(isIt)).toBe(true);
  faults.splice(0, faults.length, ...faults.filter((fault) => !isIt(fault)));
}
