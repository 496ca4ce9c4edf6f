import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ExamplePage } from '../src/example/example_page';
import { manifestAddress } from '../src/example/manifest_address';

vi.mock('../src/player/player', () => ({
  Player: (props: { title: string }) => <div role="application" aria-label={props.title} />,
}));

describe('manifestAddress', () => {
  const page = 'http://127.0.0.1:8000/examples/player.html';
  it.each([
    ['https://a.example/main.mpd', 'https://a.example/main.mpd'],
    ['  https://a.example/main.m3u8 ', 'https://a.example/main.m3u8'],
    ['/media/o/x/main.mpd', 'http://127.0.0.1:8000/media/o/x/main.mpd'],
    ['javascript:alert(1)', null],
    ['data:text/html,x', null],
    ['http://', null],
    ['', null],
  ])('%s is %s', (typed, address) => expect(manifestAddress(typed, page)).toBe(address));

  it('has no relative addresses for a page on disk', () =>
    expect(manifestAddress('main.mpd', 'file:///tmp/player.html')).toBeNull());
});

describe('the one-file player', () => {
  beforeEach(() => window.history.replaceState(null, '', '/examples/player.html'));

  it('plays what is typed in, and keeps it in the address', async () => {
    render(<ExamplePage />);
    await userEvent.type(screen.getByLabelText(/Manifest address/), 'https://a.example/main.mpd');
    await userEvent.click(screen.getByRole('button', { name: 'Play' }));
    expect(screen.getByRole('application', { name: 'https://a.example/main.mpd' })).toBeTruthy();
    expect(new URLSearchParams(window.location.search).get('src')).toBe('https://a.example/main.mpd');
  });

  it('plays what its own address names', () => {
    window.history.replaceState(null, '', '/examples/player.html?src=https%3A%2F%2Fa.example%2Fmain.m3u8');
    render(<ExamplePage />);
    expect(screen.getByRole('application', { name: 'https://a.example/main.m3u8' })).toBeTruthy();
  });
});
