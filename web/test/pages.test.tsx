import { act, cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Video } from '../src/api/types';
import { FakeServer, show } from './app';
import { FakeEventSource } from './fake_event_source';
import { video } from './video';

// The player needs a browser that decodes; tests/web drives it in one. Here it only has to be asked for.
vi.mock('../src/player/player', () => ({
  Player: (props: {
    title: string;
    startSeconds: number;
    autoplay: boolean;
    source: { dash_url: string };
  }) => (
    <div
      role="application"
      aria-label={props.title}
      data-start={props.startSeconds}
      data-autoplay={props.autoplay}
      data-dash={props.source.dash_url}
    />
  ),
}));

let server: FakeServer;

beforeEach(() => {
  server = new FakeServer();
});
afterEach(() => vi.unstubAllGlobals());

function list(items: Video[], next: string | null = null) {
  server.list(items, next);
}

describe('the list', () => {
  it('tells how to add the first video', async () => {
    list([]);
    show('/');
    expect(await screen.findByText('movio ingest FILE…')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Upload the first one' })).toHaveProperty('pathname', '/upload');
  });

  it('shows title, length, poster and what is being made', async () => {
    const playback = {
      dash_url: 'd',
      hls_url: 'h',
      poster_url: '/media/o/x/poster.jpg',
      storyboard_url: null,
      preview_url: '/media/o/x/preview.webp',
      chapters_url: null,
      expires_at: null,
    };
    list([
      video({
        id: 'a',
        playback,
        duration_ms: 83000,
        status: 'playable',
        progress: { percent: 42, stage: '480p', seconds_left: 20 },
      }),
    ]);
    const { container } = show('/');
    expect(await screen.findByRole('link', { name: 'Big Buck Bunny' })).toHaveProperty(
      'pathname',
      '/watch/a',
    );
    expect(screen.getByText('1:23')).toBeTruthy();
    expect(screen.getByText(/Making 480p, 42\s%, 20\ss left/)).toBeTruthy();
    expect(screen.getByRole('progressbar').getAttribute('value')).toBe('42');
    expect(container.querySelector('img')?.getAttribute('src')).toBe('/media/o/x/poster.jpg');
    expect(container.querySelector('[data-preview]')).toBeNull();
  });

  it('follows only what is not finished, over one stream, and shows what it says', async () => {
    list([
      video({ id: 'a' }),
      video({ id: 'b', title: 'B', status: 'processing' }),
      video({ id: 'c', title: 'C', status: 'submitted' }),
    ]);
    show('/');
    await screen.findByRole('link', { name: 'B' });
    expect(FakeEventSource.made.map((stream) => stream.url)).toEqual(['/api/v2/events?video=b&video=c']);
    act(() =>
      FakeEventSource.latest().say(
        video({
          id: 'b',
          title: 'B',
          status: 'processing',
          progress: { percent: 50, stage: '360p', seconds_left: null },
        }),
      ),
    );
    expect(await screen.findByText(/Making 360p, 50\s%/)).toBeTruthy();
  });

  it('says of an own video that others do not see it', async () => {
    list([video({ visibility: 'private', mine: true })]);
    show('/');
    expect(await screen.findByText('Private')).toBeTruthy();
  });

  it('says why a video failed', async () => {
    list([
      video({
        status: 'failed',
        playback: null,
        failure: { code: 'not-media', message: 'This is not a video.', detail: '' },
      }),
    ]);
    show('/');
    expect(await screen.findByText('This is not a video.')).toBeTruthy();
  });

  it('shows the next page when asked', async () => {
    list([video({ id: 'a', title: 'First' })], 'n1');
    server.on('GET /api/v2/videos?limit=24&cursor=n1', 200, {
      items: [video({ id: 'b', title: 'Second' })],
      next: null,
    });
    show('/');
    await userEvent.click(await screen.findByRole('button', { name: 'Show more' }));
    expect(await screen.findByRole('link', { name: 'Second' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull();
  });

  it('lets the viewer ask again after an error', async () => {
    server.on('GET /api/v2/videos?limit=24', 503, {
      title: 'Busy',
      detail: 'Too much to do. Ask again later.',
    });
    show('/');
    expect(await screen.findByText('Too much to do. Ask again later.')).toBeTruthy();
    list([video({ title: 'Back' })]);
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('link', { name: 'Back' })).toBeTruthy();
  });
});

describe('watching', () => {
  it('plays by the address that the API gave, from where it was asked to', async () => {
    list([video({ id: 'a' })]);
    show('/watch/a?t=12');
    const player = await screen.findByRole('application', { name: 'Big Buck Bunny' });
    expect(player.dataset).toMatchObject({ dash: '/media/o/x/1/main.mpd', start: '12', autoplay: 'true' });
    expect(FakeEventSource.made).toHaveLength(0);
    expect(document.title).toBe('Big Buck Bunny – Movio');
  });

  it.each([
    ['/watch/a', '0', 'false'],
    ['/watch/a#t=7', '7', 'true'],
    ['/watch/a?t=0', '0', 'true'],
    ['/watch/a?t=soon', '0', 'false'],
  ])('%s begins at %s; by itself: %s', async (path, start, autoplay) => {
    list([video({ id: 'a' })]);
    show(path);
    expect((await screen.findByRole('application')).dataset).toMatchObject({ start, autoplay });
  });

  it('tells whoever uploaded it how long it took until it played, and nobody else', async () => {
    list([video({ id: 'a', mine: true, playable_after_ms: 1340 })]);
    show('/watch/a');
    expect(await screen.findByText(/Playable 1\.3\s+s after the upload/)).toBeTruthy();
    cleanup();
    list([video({ id: 'a', playable_after_ms: 1340 })]);
    show('/watch/a');
    expect(await screen.findByText(/Added/)).toBeTruthy();
    expect(screen.queryByText(/Playable/)).toBeNull();
  });

  it('is over when the video is deleted meanwhile', async () => {
    const made = video({ id: 'a', status: 'playable' });
    list([made]);
    show('/watch/a');
    await screen.findByRole('application');
    server.on('GET /api/v2/videos/a', 404, { title: 'Not found' });
    act(() => FakeEventSource.latest().dispatchEvent(new Event('gone')));
    expect(await screen.findByText(/There is no such video/)).toBeTruthy();
  });

  it('starts by itself after a click in the list', async () => {
    list([video({ id: 'a' })]);
    show('/');
    await userEvent.click(await screen.findByRole('link', { name: 'Big Buck Bunny' }));
    expect((await screen.findByRole('application')).dataset.autoplay).toBe('true');
  });

  it('becomes the player when the first seconds are made', async () => {
    const made = video({
      id: 'a',
      status: 'playable',
      progress: { percent: 5, stage: '360p', seconds_left: 90 },
    });
    list([
      {
        ...made,
        status: 'processing',
        playback: null,
        progress: { percent: 1, stage: 'index', seconds_left: null },
      },
    ]);
    show('/watch/a');
    expect(await screen.findByText(/Reading the file/)).toBeTruthy();
    expect(FakeEventSource.latest().url).toBe('/api/v2/events?video=a');
    act(() => FakeEventSource.latest().say(made));
    expect((await screen.findByRole('application')).dataset.autoplay).toBe('false');
    expect(screen.getByText(/Making 360p, 5\s%, 2\smin left/)).toBeTruthy();
  });

  it('says in plain words why there is nothing to watch', async () => {
    list([
      video({
        id: 'a',
        status: 'failed',
        playback: null,
        failure: { code: 'damaged', message: 'Half of the film is missing.', detail: 'moov at 0' },
      }),
    ]);
    show('/watch/a');
    expect((await screen.findByRole('alert')).textContent).toContain('Half of the film is missing.');
  });

  it('says that there is no such video', async () => {
    show('/watch/none');
    expect(await screen.findByText(/There is no such video/)).toBeTruthy();
  });
});

describe('an address without a page', () => {
  it('leads back to the list', async () => {
    show('/nowhere');
    expect(await screen.findByText('Page not found')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'All videos' })).toHaveProperty('pathname', '/');
  });
});
