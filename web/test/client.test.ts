import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiProblem, getVideo, listVideos, problemOf, worthRetrying } from '../src/api/client';

afterEach(() => vi.unstubAllGlobals());

function answer(status: number, body: string) {
  const fetched = vi.fn((_address: string) => Promise.resolve(new Response(body, { status })));
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

describe('listVideos', () => {
  it('asks for a page, and for the next by its cursor', async () => {
    const fetched = answer(200, '{"items":[],"next":null}');
    await listVideos(null);
    await listVideos('a+b');
    expect(fetched.mock.calls.map((call) => call[0])).toEqual([
      '/api/v2/videos?limit=24',
      '/api/v2/videos?limit=24&cursor=a%2Bb',
    ]);
  });
});

describe('getVideo', () => {
  it('throws what a problem document says', async () => {
    answer(
      404,
      '{"type":"/doc/problems/not-found","title":"Not found","detail":"There is no such video.","request_id":"r1"}',
    );
    await expect(getVideo('x')).rejects.toMatchObject({
      status: 404,
      message: 'There is no such video.',
      requestId: 'r1',
    });
  });
  it('says in plain words that there is no server', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    await expect(getVideo('x')).rejects.toMatchObject({
      status: 0,
      message: expect.stringContaining('cannot be reached'),
    });
  });
  it('refuses an answer that is not JSON', async () => {
    answer(200, '<html>');
    await expect(getVideo('x')).rejects.toBeInstanceOf(ApiProblem);
  });
  it('keeps an id from changing the address', async () => {
    const fetched = answer(200, '{}');
    await getVideo('../a?b');
    expect(fetched.mock.calls[0]?.[0]).toBe('/api/v2/videos/..%2Fa%3Fb');
  });
});

describe('problemOf', () => {
  it('falls back to the title, then to the number', () => {
    expect(problemOf(503, { title: 'Too busy' }).message).toBe('Too busy');
    expect(problemOf(502, null).message).toContain('502');
  });
});

describe('worthRetrying', () => {
  it('asks again after an outage, not after a refusal, and not for ever', () => {
    expect(worthRetrying(0, new ApiProblem(503, ''))).toBe(true);
    expect(worthRetrying(0, new ApiProblem(0, ''))).toBe(true);
    expect(worthRetrying(0, new ApiProblem(404, ''))).toBe(false);
    expect(worthRetrying(3, new ApiProblem(503, ''))).toBe(false);
  });
});
