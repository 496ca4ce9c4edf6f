import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Player } from '../src/player/player';
import { strings } from '../src/strings';

// What a browser makes of a script that cannot be fetched: the import fails.
vi.mock('../src/player/shaka', () => {
  throw new TypeError('Failed to fetch dynamically imported module');
});

beforeEach(() => {
  vi.stubGlobal('MediaSource', class {});
});
afterEach(() => vi.unstubAllGlobals());

it('says so when the player cannot be fetched, and reloads the page when asked', async () => {
  const reload = vi.fn();
  vi.stubGlobal('location', { href: 'http://127.0.0.1:8000/watch/a', reload });
  const source = { dash_url: '/main.mpd', hls_url: '/main.m3u8' };
  render(<Player title="Film" source={source} poster={null} startSeconds={0} autoplay={false} />);
  expect((await screen.findByRole('alert')).textContent).toContain(strings.player.errorNetwork);
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(reload).toHaveBeenCalledOnce();
});
