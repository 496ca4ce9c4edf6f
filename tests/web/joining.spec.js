// Somebody who is invited: the link, the account, what a viewer is offered, where they are logged in, a token.
import { expect, it } from 'vitest';
import { button, faults, inBrowser, open, page, shoot } from './support/app.js';
import { until } from './support/browser.js';
import { movioUrl } from './support/movio.js';
import { movio } from './support/program.js';

inBrowser();

const password = 'a long enough password';
const status = (address, headers) =>
  fetch(`${movioUrl}${address}`, { headers }).then((answer) => answer.status);

it('makes the account, which is a viewer’s, and sees to its devices and tokens', async () => {
  const email = `invited-${Date.now()}@example.org`;
  const link = new URL(
    (await movio('user', 'invite', '--role', 'viewer', '--email', email)).split('\n').at(-1),
  );
  await open(link.pathname + link.hash);
  await page.getByRole('heading', { name: 'You are invited' }).waitFor();
  // What opens the door is not left lying in the history.
  expect(page.url()).toBe(`${movioUrl}/join`);
  expect(await page.getByLabel('E-mail', { exact: true }).inputValue()).toBe(email);
  for (const [label, text] of Object.entries({
    'First name': 'Ida',
    'Last name': 'Guest',
    Password: password,
  }))
    await page.getByLabel(label, { exact: true }).fill(text);
  await shoot('join');
  await button('Create account').click();
  await page.getByRole('button', { name: 'Account of Ida Guest' }).waitFor();
  expect(await page.getByRole('link', { name: 'Upload', exact: true }).count()).toBe(0);

  const elsewhere = await fetch(`${movioUrl}/api/v2/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'Telephone' },
    body: JSON.stringify({ credential: email, password }),
  });
  const there = { authorization: `Bearer ${(await elsewhere.json()).access}` };
  expect(await status('/api/v2/videos?owner=me', there)).toBe(200);

  await page.getByRole('button', { name: 'Account of Ida Guest' }).click();
  await page.getByRole('menuitem', { name: 'Account' }).click();
  await page.getByText('This device').waitFor();
  await button('Log out Telephone').click();
  await page.getByText('Telephone').waitFor({ state: 'detached' });
  await until('the telephone to be logged out', async () => {
    const seen = await status('/api/v2/videos?owner=me', there);
    return { ok: seen === 401, seen };
  });

  await page.getByLabel('Name of the program').fill('Backup');
  await page.getByRole('button', { name: /^Make a token/ }).click();
  const token = await page.locator('code').innerText();
  expect(token).toMatch(/^movio_/);
  await shoot('account');
  const program = { authorization: `Bearer ${token}` };
  expect(await status('/api/v2/videos?owner=me', program)).toBe(200);
  await button('Take back Backup').click();
  await until('the token to be refused', async () => {
    const seen = await status('/api/v2/videos?owner=me', program);
    return { ok: seen === 401, seen };
  });
  expect(await page.getByRole('button', { name: 'Account of Ida Guest' }).count()).toBe(1);
});

it('is told when the link does not count', async () => {
  await open('/join#nothing-that-counts');
  await page.getByRole('heading', { name: 'This invitation does not count' }).waitFor();
  const refused = /^404 .*\/api\/v2\/invite$|^console: .* status of 404 /;
  expect(faults.some((fault) => fault.startsWith('404 '))).toBe(true);
  faults.splice(0, faults.length, ...faults.filter((fault) => !refused.test(fault)));
});
