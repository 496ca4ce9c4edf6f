import { act, render, screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EmbedPage } from '../src/embed/embed_page';
import { filmIn, nextLookMs } from '../src/embed/film';
import { embedOptions } from '../src/embed/options';
import { video } from './video';

let shown: Record<string, unknown> = {};
vi.mock('../src/player/player', () => ({
  Player: (props: Record<string, unknown> & { heading: ReactNode }) => {
    shown = props;
    return <div role="application">{props.heading}</div>;
  },
}));

const plain = embedOptions('', '');

describe('embedOptions', () => {
  it.each([
    ['', { startSeconds: 0, autoplay: false, muted: false, captions: undefined }],
    [
      '?t=90&autoplay=1&muted=true&captions=de',
      { startSeconds: 90, autoplay: true, muted: true, captions: 'de' },
    ],
    ['?autoplay&captions=off', { startSeconds: 0, autoplay: true, muted: false, captions: null }],
    ['?autoplay=0&muted=no&t=x', { startSeconds: 0, autoplay: false, muted: false, captions: undefined }],
  ])('of "%s"', (search, options) => expect(embedOptions(search, '')).toEqual(options));

  it('takes the start from behind the # as well', () =>
    expect(embedOptions('', '#t=12').startSeconds).toBe(12));
});

describe('filmIn', () => {
  const page = (text: string) =>
    new DOMParser().parseFromString(
      `<script type="application/json" id="film">${text}</script>`,
      'text/html',
    );
  it('reads what the server has put into the page', () => {
    const film = video({ title: 'a </script> b' });
    expect(filmIn(page(JSON.stringify(film).replaceAll('<', '\\u003c')))).toEqual(film);
  });
  it.each(['null', '', '{'])('is null for "%s"', (text) => expect(filmIn(page(text))).toBeNull());
});

describe('nextLookMs', () => {
  const now = Date.parse('2026-11-20T10:00:00Z');
  const until = (expires_at: string) => ({ ...video().playback!, expires_at });
  it('is never for what is finished and open, or not there', () => {
    expect(nextLookMs(video(), now)).toBe(false);
    expect(nextLookMs(null, now)).toBe(false);
  });
  it('is soon for what is still being made', () =>
    expect(nextLookMs(video({ status: 'playable' }), now)).toBe(3000));
  it('is well before the addresses begin nothing', () =>
    expect(nextLookMs(video({ playback: until('2026-11-20T10:10:00Z') }), now)).toBe(300_000));
});

describe('the embedded player', () => {
  beforeEach(() => {
    shown = {};
    window.history.replaceState(null, '', '/embed/x?t=3');
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('plays with what its address asks for, and leads to the page of the film', () => {
    const options = { startSeconds: 3, autoplay: true, muted: true, captions: null };
    render(<EmbedPage first={video()} options={options} />);
    expect(shown).toMatchObject({ startSeconds: 3, autoplay: true, wishes: { muted: true, text: null } });
    const link = screen.getByRole('link', { name: 'Big Buck Bunny' });
    expect(link.getAttribute('href')).toBe(`/watch/${video().id}`);
    expect(link.getAttribute('target')).toBe('_blank');
    expect(document.title).toBe('Big Buck Bunny');
  });

  it('leaves to the viewer what its address does not say, and leads nowhere from a film that not everybody may see', () => {
    render(<EmbedPage first={video({ visibility: 'private' })} options={plain} />);
    expect(shown.wishes).toEqual({});
    expect(screen.getByText('Big Buck Bunny')).toBeTruthy();
    expect(screen.queryByRole('link')).toBeNull();
  });

  it('says so where there is no film, or none that could be made', () => {
    const { unmount } = render(<EmbedPage first={null} options={plain} />);
    expect(screen.getByRole('status').textContent).toBe(
      'There is no such video, or it may not be shown on this page.',
    );
    unmount();
    render(<EmbedPage first={video({ status: 'failed', playback: null })} options={plain} />);
    expect(screen.getByRole('status').textContent).toBe('This video could not be made');
  });

  it('asks its own page, without cookies, until the film is ready, and goes when it may be shown no more', async () => {
    vi.useFakeTimers();
    const answers = [
      new Response('', { status: 502 }),
      new Response(
        `<script type="application/json" id="film">${JSON.stringify(video({ status: 'playable' }))}</script>`,
      ),
      new Response('', { status: 404 }),
    ];
    const asked = vi.fn((_address: string, _init: RequestInit) => Promise.resolve(answers.shift()!));
    vi.stubGlobal('fetch', asked);
    render(<EmbedPage first={video({ status: 'processing', playback: null })} options={plain} />);
    expect(screen.getByRole('status').textContent).toBe('Being made');
    await act(() => vi.advanceTimersByTimeAsync(3000));
    expect(screen.getByRole('status').textContent).toBe('Being made');
    await act(() => vi.advanceTimersByTimeAsync(3000));
    expect(screen.getByRole('application')).toBeTruthy();
    await act(() => vi.advanceTimersByTimeAsync(3000));
    expect(screen.queryByRole('application')).toBeNull();
    await act(() => vi.advanceTimersByTimeAsync(60_000));
    expect(asked.mock.calls.map(([address, init]) => [address, init.credentials])).toEqual(
      Array(3).fill(['/embed/x', 'omit']),
    );
  });
});
