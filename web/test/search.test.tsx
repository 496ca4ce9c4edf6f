import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FilmHits, SearchHit } from '../src/api/types';
import { highlightPieces } from '../src/highlight';
import { FakeServer, show } from './app';
import { video } from './video';

vi.mock('../src/player/player', () => ({
  Player: (props: { startSeconds: number; autoplay: boolean }) => (
    <div role="application" data-start={props.startSeconds} data-autoplay={props.autoplay} />
  ),
}));

let server: FakeServer;

beforeEach(() => {
  server = new FakeServer();
  server.list([video({ id: 'a' })]);
});
afterEach(() => vi.unstubAllGlobals());

const hit = (change: Partial<SearchHit>): SearchHit => ({
  field: 'caption',
  language: 'en',
  start_ms: 12345,
  end_ms: 14000,
  text: 'the quick fox',
  highlight: 'the quick <mark>fox</mark>',
  ...change,
});
const film = (hits: SearchHit[], id = 'a', title = 'Big Buck Bunny'): FilmHits => ({
  video: { id, title, poster_url: null, duration_ms: 30000 },
  hits,
});
const found = (query: string, items: FilmHits[], next: string | null = null) =>
  server.on(`GET /api/v2/search?${query}`, 200, { items, next });

describe('highlightPieces', () => {
  it('tells what was found from what is around it', () => {
    expect(highlightPieces('the <mark>fox</mark> &amp; the <mark>hen</mark>')).toEqual([
      { text: 'the ', found: false },
      { text: 'fox', found: true },
      { text: ' & the ', found: false },
      { text: 'hen', found: true },
    ]);
  });
  it('takes every other tag, and broken ones, for letters', () => {
    const hostile = '<img src=x onerror=alert(1)><mark onclick=a()>b</mark>&lt;script&gt;';
    const text = highlightPieces(hostile).map((piece) => piece.text);
    expect(text.join('')).toBe('<img src=x onerror=alert(1)><mark onclick=a()>b<script>');
  });
  it('reads entities once', () => {
    const read = (html: string) => highlightPieces(html)[0]?.text;
    expect(read('&amp;lt; &#39;&#x27;&quot; &#0; &#9999999; &nope;')).toBe(
      "&lt; ''\" &#0; &#9999999; &nope;",
    );
  });
});

describe('searching', () => {
  it('begins with the key /, and leads to the results', async () => {
    found('q=fox+hen&limit=12', [film([hit({})])]);
    const { where } = show('/');
    const box = await screen.findByRole('searchbox', { name: 'Search' });
    await screen.findByRole('link', { name: 'Big Buck Bunny' });
    await userEvent.keyboard('/');
    expect(document.activeElement).toBe(box);
    // Typed into the box it is a letter like any other.
    await userEvent.keyboard(' fox hen /{Backspace}{Enter}');
    expect(where()).toBe('/search?q=fox+hen');
    expect(await screen.findByText('1 video')).toBeTruthy();
    expect(document.title).toBe('Search: fox hen – Movio');
  });

  it('shows line, time and language of a hit, and starts playback there', async () => {
    found('q=fox&limit=12', [film([hit({ highlight: '&lt;b&gt; quick <mark>fox</mark>' })])]);
    const { where } = show('/search?q=fox');
    const link = await screen.findByRole('link', { name: /0:12.*<b> quick fox.*English/ });
    expect(within(link).getByText('fox').tagName).toBe('MARK');
    await userEvent.click(link);
    expect(where()).toBe('/watch/a?t=12');
    expect((await screen.findByRole('application')).dataset).toMatchObject({ start: '12', autoplay: 'true' });
  });

  it('leads from a hit in the title to the beginning', async () => {
    found('q=bunny&limit=12', [
      film([
        hit({
          field: 'title',
          language: null,
          start_ms: null,
          end_ms: null,
          highlight: 'Big Buck <mark>Bunny</mark>',
        }),
      ]),
    ]);
    const { where } = show('/search?q=bunny');
    await userEvent.click(await screen.findByRole('link', { name: 'Title Big Buck Bunny' }));
    expect(where()).toBe('/watch/a');
  });

  it('is narrowed to a language, which the address keeps', async () => {
    found('q=fox&limit=12', [film([hit({}), hit({ language: 'pt-BR' })])]);
    found('q=fox&language=pt-BR&limit=12', [
      film([hit({ language: 'pt-BR', highlight: 'a <mark>raposa</mark>' })]),
    ]);
    const { where } = show('/search?q=fox');
    await screen.findByText('1 video');
    await userEvent.selectOptions(screen.getByLabelText('Language of the subtitles'), 'pt-BR');
    expect(where()).toBe('/search?q=fox&language=pt-BR');
    expect(await screen.findByText('raposa')).toBeTruthy();
  });

  it('shows more when asked, and says when there is nothing', async () => {
    found('q=fox&limit=12', [film([hit({})])], 'n1');
    found('q=fox&limit=12&cursor=n1', [film([hit({})], 'b', 'Second')]);
    show('/search?q=fox');
    expect(await screen.findByText('1 or more videos')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Show more' }));
    expect(await screen.findByRole('link', { name: 'Second' })).toBeTruthy();
    found('q=zebra&limit=12', []);
    await userEvent.clear(screen.getByRole('searchbox'));
    await userEvent.type(screen.getByRole('searchbox'), 'zebra{Enter}');
    expect(await screen.findByText('Nothing was found for “zebra”')).toBeTruthy();
  });

  it('asks the server nothing without a word', async () => {
    show('/search?q=%20');
    expect(await screen.findByRole('heading', { name: 'Search' })).toBeTruthy();
    expect(server.asked.some(({ address }) => address.startsWith('/api/v2/search'))).toBe(false);
  });
});
