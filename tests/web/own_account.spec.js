// The last day of a user: what is kept of them comes as a file, and the account goes, but not the film.
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { logIn, newAccount, uploadWhole } from './support/account.js';
import { button, expectRefusal, inBrowser, open, page, shoot } from './support/app.js';
import { until } from './support/browser.js';
import { movioUrl, required } from './support/movio.js';

const film = required('MOVIO_FILM', 'the path of the film that MOVIO_VIDEO was made of');

inBrowser();

const dialog = () => page.getByRole('dialog', { name: 'Delete account' });
const confirm = () => dialog().getByRole('button', { name: 'Delete my account for good' });

it('is taken along and left, and the film belongs to somebody else', async () => {
  const leaver = await newAccount();
  const heir = await newAccount();
  const title = `Left behind ${Date.now()}`;
  const id = await uploadWhole(leaver, film, title);
  await open('/');
  await logIn(page, leaver);
  await page.goto(`${movioUrl}/account`);

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download my data' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('movio-export.json');
  const kept = JSON.parse(await readFile(await download.path(), 'utf8'));
  expect(kept.account.email).toBe(leaver.email);
  expect(kept.videos.map((video) => video.title)).toEqual([title]);
  expect(kept.account_actions.at(-1).action).toBe('user.exported');

  await button('Delete my account…').click();
  await dialog()
    .getByText(`The account of ${leaver.email} will be deleted for good.`, { exact: false })
    .waitFor();
  await confirm().click();
  await dialog().getByText('This field is required.').waitFor();
  await dialog().getByRole('radio', { name: 'belong to somebody else' }).check();
  await dialog().getByLabel('E-mail of who has them from now on').fill(heir.email);
  await dialog().getByLabel('Your password', { exact: true }).fill('a guess');
  await shoot('delete-account');
  await confirm().click();
  await dialog().getByText("This is not the account's password.").waitFor();
  expectRefusal(403, '/api/v2/me');
  await dialog().getByLabel('Your password', { exact: true }).fill(leaver.password);
  await confirm().click();
  await page.getByText('Your account is deleted.').waitFor();
  await page.waitForURL(`${movioUrl}/`);
  await page.getByRole('link', { name: 'Log in', exact: true }).waitFor();

  const credentials = { credential: leaver.email, password: leaver.password };
  const again = await fetch(`${movioUrl}/api/v2/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(credentials),
  });
  expect(again.status).toBe(401);
  await until('the film to be handed over', async () => {
    const headers = { authorization: `Bearer ${heir.token}` };
    const seen = await (await fetch(`${movioUrl}/api/v2/videos/${id}`, { headers })).json();
    return { ok: seen.mine === true, seen };
  });
  await logIn(page, heir);
  await page.goto(`${movioUrl}/my-videos`);
  await page.getByRole('link', { name: title, exact: true }).waitFor();
}, 240_000);
