// Users of the server under test, made through its own sign-up.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { until } from './browser.js';
import { movioUrl } from './movio.js';

let made = 0;

/** A new user: what they log in with, and a token for requests that no page makes. */
export async function newAccount() {
  const name = `test-${Date.now().toString(36)}-${++made}`;
  const person = { first_name: 'Test', last_name: 'Person', email: `${name}@example.org` };
  const password = 'a long enough password';
  const answer = await fetch(new URL('/api/v1/auth/signup/', movioUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...person, password, password2: password }),
  });
  if (!answer.ok) throw new Error(`sign-up answered ${answer.status}: ${await answer.text()}`);
  return { ...person, password, token: (await answer.json()).user.access };
}

/** The page's browser becomes the user's; the page must be one of the server's. */
export async function logIn(page, { email, password }) {
  const status = await page.evaluate(
    async (body) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch('/api/v2/session', { method: 'POST', headers, body: JSON.stringify(body) });
      return answer.status;
    },
    { credential: email, password },
  );
  if (status !== 200) throw new Error(`the log-in answered ${status}`);
}

/** Sends a film as programs do; gives its id. */
export async function upload({ token }, path, title) {
  const form = new FormData();
  form.append('title', title);
  form.append('video', new Blob([await readFile(path)]), basename(path));
  const answer = await fetch(new URL('/api/v1/app/events/video-upload/', movioUrl), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: form,
  });
  if (answer.status !== 202) throw new Error(`the upload answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()).video_id;
}

/** That film once nothing of it is in the making any more: what measures playback against the clock comes after it. */
export async function uploadWhole(account, path, title) {
  const id = await upload(account, path, title);
  const headers = { authorization: `Bearer ${account.token}` };
  await until(
    'the end of the making',
    async () => {
      const answer = await fetch(new URL(`/api/v2/videos/${id}`, movioUrl), { headers });
      const seen = (await answer.json()).status;
      return { ok: seen === 'ready', seen };
    },
    { timeoutMs: 120_000, everyMs: 500 },
  );
  return id;
}
