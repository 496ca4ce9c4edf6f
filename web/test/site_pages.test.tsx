import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FakeServer, show } from './app';

let server: FakeServer;

beforeEach(() => {
  server = new FakeServer();
  server.list([]);
});
afterEach(() => vi.unstubAllGlobals());

function page(name: string, text: string): void {
  server.on(`GET /api/v2/pages/${name}`, 200, { name, text, changed_at: '2026-11-20T10:00:00Z' });
}

it('are linked at the foot of every page, those alone that there are', async () => {
  server.on('GET /api/v2/pages', 200, { items: ['imprint', 'privacy'] });
  page('privacy', 'We keep *nothing*.');
  const { where } = show('/');
  const foot = within(await screen.findByRole('navigation', { name: 'About this server' }));
  expect(foot.getAllByRole('link').map(({ textContent }) => textContent)).toEqual(['Imprint', 'Privacy']);
  await userEvent.click(foot.getByRole('link', { name: 'Privacy' }));
  expect(where()).toBe('/privacy');
  expect(await screen.findByRole('heading', { level: 1, name: 'Privacy' })).toBeTruthy();
  expect(screen.getByText('nothing').tagName).toBe('EM');
  expect(document.title).toBe('Privacy – Movio');
});

it('have one heading, that of the text where it has one', async () => {
  page('imprint', '# Who we are\n\nAda, <b>Lovelace</b>, [write](mailto:ada@example.org)');
  show('/imprint');
  expect(await screen.findByRole('heading', { level: 1 })).toHaveProperty('textContent', 'Who we are');
  expect(screen.getByText(/<b>Lovelace<\/b>/)).toBeTruthy();
  expect(screen.getByRole('link', { name: 'write' }).getAttribute('href')).toBe('mailto:ada@example.org');
});

it('are not there where the server has none', async () => {
  server.on('GET /api/v2/pages', 200, { items: [] });
  show('/terms');
  expect(await screen.findByRole('heading', { name: 'Page not found' })).toBeTruthy();
  expect(screen.queryByRole('contentinfo')).toBeNull();
});
