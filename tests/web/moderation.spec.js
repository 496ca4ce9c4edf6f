// A film that is not what it should be: somebody reports it, a moderator hides it, its owner reads why.
import { expect, it } from 'vitest';
import { logIn, newAccount, uploadWhole } from './support/account.js';
import { button, expectRefusal, inBrowser, open, page, shoot } from './support/app.js';
import { until } from './support/browser.js';
import { movioUrl, required } from './support/movio.js';
import { movio } from './support/program.js';

const film = required('MOVIO_FILM', 'the path of the film that MOVIO_VIDEO was made of');

inBrowser();

const row = (title) => page.getByRole('listitem').filter({ hasText: title });
const dialog = () => page.getByRole('dialog');

/** Somebody else sits down at the browser: a user, or a guest. */
async function sitsDown(account, path) {
  await page.context().clearCookies();
  if (account) await logIn(page, account);
  await page.goto(`${movioUrl}${path}`);
}

/** A new user of that role, once the whole server knows it: what only the role may ask for is answered. */
async function newAccountOf(role, asked) {
  const account = await newAccount();
  await movio('user', 'role', account.email, role);
  await until(`the role ${role}`, async () => {
    const headers = { authorization: `Bearer ${account.token}` };
    const seen = (await fetch(`${movioUrl}${asked}`, { headers })).status;
    return { ok: seen === 200, seen };
  });
  return account;
}

async function decide(decision, title, reason) {
  await row(title)
    .getByRole('button', { name: `${decision}: ${title}` })
    .click();
  await dialog().getByLabel('Reason', { exact: true }).fill(reason);
  await dialog().getByRole('button', { name: decision, exact: true }).click();
  await dialog().waitFor({ state: 'detached' });
}

it('is reported by a guest, hidden by a moderator, explained to its owner and shown again', async () => {
  const owner = await newAccount();
  const moderator = await newAccountOf('moderator', '/api/v2/reports');
  const admin = await newAccountOf('admin', '/api/v2/audit');
  const title = `Not mine ${Date.now()}`;
  const id = await uploadWhole(owner, film, title);

  await open(`/watch/${id}`);
  await button('Report').click();
  await dialog().getByRole('button', { name: 'Send' }).click();
  await dialog().getByText('Choose what is wrong.').waitFor();
  await dialog().getByRole('radio', { name: 'Copyright' }).check();
  await dialog()
    .getByLabel(/^Tell more/)
    .fill('I made it');
  await shoot('report');
  await dialog().getByRole('button', { name: 'Send' }).click();
  await page.getByText('Thank you. A moderator will look at it.').waitFor();

  await sitsDown(moderator, '/');
  await page.getByRole('button', { name: 'Account of Test Person' }).click();
  await page.getByRole('menuitem', { name: 'Reports' }).click();
  await row(title).getByText('Copyright: I made it').waitFor();
  await row(title)
    .getByText(/Reported by a guest/)
    .waitFor();
  await shoot('reports');
  await decide('Hide', title, 'It belongs to somebody else.');
  await row(title).waitFor({ state: 'detached' });

  await sitsDown(null, `/watch/${id}`);
  await page.getByText('There is no such video.').waitFor();
  expectRefusal(404, `/api/v2/videos/${id}`);

  await sitsDown(owner, `/watch/${id}`);
  const note = page.getByRole('note').filter({ hasText: 'It belongs to somebody else.' });
  await note.getByText(/^A moderator hid this video on .*\. Nobody else sees it\.$/).waitFor();
  await shoot('hidden');
  await page.goto(`${movioUrl}/my-videos`);
  await row(title).getByRole('note').waitFor();

  await sitsDown(moderator, '/reports?state=closed');
  await row(title)
    .getByText(/^Hide: Test Person, /)
    .waitFor();
  await decide('Show again', title, 'It was theirs after all.');
  await sitsDown(null, `/watch/${id}`);
  await page.getByRole('heading', { name: title }).waitFor();
  expect(await page.getByRole('note').count()).toBe(0);

  await sitsDown(admin, '/');
  await page.getByRole('button', { name: 'Account of Test Person' }).click();
  await page.getByRole('menuitem', { name: 'Audit trail' }).click();
  await page.getByLabel(/^To whom or what/).fill(id);
  await button('Show').click();
  const trail = page.getByRole('list', { name: 'Audit trail' }).getByRole('listitem');
  await until('what was done with the film', async () => {
    const seen = (await trail.locator('strong').allInnerTexts()).map((text) => text.trim());
    return { ok: seen.length === 3, seen };
  });
  expect(await trail.locator('strong').allInnerTexts()).toEqual([
    'moderation.restore',
    'moderation.hide',
    'report.made',
  ]);
  await trail.nth(1).getByText(`${moderator.email} → ${id}`).waitFor();
  await shoot('audit');
}, 240_000);
