import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { problems } from '../src/problems';
import { FakeServer, show } from './app';

beforeEach(() => {
  new FakeServer();
});
afterEach(() => vi.unstubAllGlobals());

/** Code and title of every problem, as the server's table has them. */
function serverTable(): Record<string, string> {
  const source = readFileSync(resolve(__dirname, '../../src/base/error.cpp'), 'utf8');
  const rows = source.matchAll(/ErrorCodeInfo\{ErrorCode::\w+,\s*"([^"]+)",\s*\d+,\s*"([^"]+)"\}/g);
  return Object.fromEntries([...rows].map(([, code, title]) => [code, title]));
}

it('every problem that the server knows has its page, and no other', () => {
  const known = serverTable();
  expect(Object.keys(known).length).toBeGreaterThan(20);
  expect(Object.fromEntries(Object.entries(problems).map(([code, { title }]) => [code, title]))).toEqual(
    known,
  );
});

it('a page says what the problem means and what to do', async () => {
  show('/doc/problems/no-space');
  expect(await screen.findByRole('heading', { level: 1, name: 'No space left' })).toBeTruthy();
  expect(screen.getByText(/make room/)).toBeTruthy();
  expect(screen.getByRole('link', { name: 'Documentation of the API' }).getAttribute('href')).toBe('/doc/');
});

it('all problems are listed', async () => {
  show('/doc/problems');
  expect(await screen.findAllByRole('listitem')).toHaveLength(Object.keys(problems).length);
});

it.each(['nonsense', 'constructor'])('there is none called %s', async (code) => {
  show(`/doc/problems/${code}`);
  expect(await screen.findByText('There is no problem of this name.')).toBeTruthy();
});
