import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const screenshots = fileURLToPath(new URL('../../../build/screenshots/', import.meta.url));
mkdirSync(screenshots, { recursive: true });

/** Debian's Chromium with an empty profile, quiet on the network, allowed to play without a click. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--autoplay-policy=no-user-gesture-required',
    ],
  });
}

/**
 * Opens a page that keeps what went wrong in it: script errors, errors on the console, answers that are errors, and
 * requests to hosts other than the allowed origins.
 */
export async function openPage(browser, { origins, ...options }) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(`script: ${error.stack ?? error}`));
  page.on('console', (line) => line.type() === 'error' && faults.push(`console: ${line.text()}`));
  page.on(
    'response',
    (answer) => answer.status() >= 400 && faults.push(`${answer.status()} ${answer.url()}`),
  );
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (!['http:', 'https:'].includes(url.protocol) || origins.includes(url.origin)) return;
    faults.push(`request to another host: ${request.url()}`);
  });
  return { context, page, faults };
}

/** Fails with what was seen last when it does not become true in time. */
export async function until(what, probe, { timeoutMs = 20_000, everyMs = 50 } = {}) {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const { ok, seen } = await probe();
    if (ok) return seen;
    if (Date.now() > end)
      throw new Error(`${what}: not within ${timeoutMs} ms; last seen ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
