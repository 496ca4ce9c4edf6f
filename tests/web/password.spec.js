// A lost password, replaced by the link that is kept for an administrator to hand on.
import { expect, it } from 'vitest';
import { newAccount } from './support/account.js';
import { button, expectRefusal, inBrowser, open, page, shoot } from './support/app.js';
import { until } from './support/browser.js';
import { movioUrl } from './support/movio.js';
import { movio } from './support/program.js';

inBrowser();

const fill = (label, text) => page.getByLabel(label, { exact: true }).fill(text);

async function linkFor(email) {
  let id;
  await until('the notice', async () => {
    const lines = (await movio('notices', 'list', '--json')).split('\n').filter((line) => line !== '');
    id = lines.map((line) => JSON.parse(line)).find(({ to }) => to === email)?.id;
    return { ok: id !== undefined, seen: lines };
  });
  return new URL(/^link: (\S+)$/m.exec(await movio('notices', 'show', id))[1]);
}

it('is forgotten, asked for, set anew and used', async () => {
  const account = await newAccount();
  await open('/login?next=%2Fmy-videos');
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await page.getByRole('heading', { name: 'A new password' }).waitFor();
  await button('Send the link').click();
  await page.getByText('This field is required.').waitFor();
  await fill('E-mail', account.email);
  await shoot('forgot-password');
  await button('Send the link').click();
  await page.getByRole('heading', { name: 'Look into your mail' }).waitFor();
  await page.getByRole('link', { name: 'Back to the log-in' }).click();
  await page.waitForURL(`${movioUrl}/login?next=%2Fmy-videos`);

  const link = await linkFor(account.email);
  await page.goto(link.href);
  await page.getByRole('heading', { name: 'Set a new password' }).waitFor();
  // What opens the account is not left lying in the history.
  expect(page.url()).toBe(`${movioUrl}/reset-password`);
  await fill('New password', '12345');
  await button('Set the password').click();
  await page.locator('.field-error').waitFor();
  expectRefusal(400, '/api/v2/auth/password-reset/confirm');
  await fill('New password', 'another long password');
  await shoot('reset-password');
  await button('Set the password').click();
  await page.getByRole('heading', { name: 'Your new password is set' }).waitFor();
  await page.getByRole('main').getByRole('link', { name: 'Log in' }).click();
  await fill('E-mail or username', account.email);
  await fill('Password', 'another long password');
  await button('Log in').click();
  await page.getByRole('button', { name: 'Account of Test Person' }).waitFor();

  await page.goto(link.href);
  await fill('New password', 'a third long password');
  await button('Set the password').click();
  await page.getByRole('heading', { name: 'This link does not count' }).waitFor();
  expectRefusal(404, '/api/v2/auth/password-reset/confirm');
  await page.getByRole('link', { name: 'Ask for another one' }).click();
  await page.getByRole('heading', { name: 'A new password' }).waitFor();
});

it('needs the whole link', async () => {
  await open('/reset-password');
  await page.getByRole('heading', { name: 'This link does not count' }).waitFor();
});
