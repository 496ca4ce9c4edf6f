import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  ApiProblem,
  changeVideo,
  deleteVideo,
  getVideo,
  listTrash,
  listVideos,
  logIn,
  logOut,
  onUnauthorized,
  problemOf,
  worthRetrying,
} from '../src/api/client';

afterEach(() => vi.unstubAllGlobals());

function answer(status: number, body: string) {
  const fetched = vi.fn((_address: string, _init?: RequestInit) =>
    Promise.resolve(new Response(status === 204 ? null : body, { status })),
  );
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
      '{"type":"/doc/problems/not-found","title":"Not found","detail":"There is no such video.","instance":"r1"}',
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

describe('a change', () => {
  it('is sent as JSON by its method', async () => {
    const fetched = answer(200, '{"id":"a"}');
    await changeVideo('a', { visibility: 'private' });
    const [address, init] = fetched.mock.calls[0] ?? [];
    expect(address).toBe('/api/v2/videos/a');
    expect(init).toMatchObject({ method: 'PATCH', body: '{"visibility":"private"}' });
    expect(init?.headers).toMatchObject({ 'content-type': 'application/json' });
  });
  it('may be answered with nothing', async () => {
    answer(204, '');
    await expect(deleteVideo('a')).resolves.toBeUndefined();
  });
});

describe('a session that the server does not take', () => {
  const told = async (ask: () => Promise<unknown>) => {
    const listener = vi.fn();
    const stop = onUnauthorized(listener);
    await ask().catch(() => undefined);
    stop();
    return listener.mock.calls.length;
  };
  it('is told of, whatever was asked', async () => {
    answer(401, '{}');
    expect(await told(() => listTrash(null))).toBe(1);
    expect(await told(() => deleteVideo('a'))).toBe(1);
  });
  it('is not what a wrong password, or leaving twice, means', async () => {
    answer(401, '{}');
    expect(await told(() => logIn('a', 'b'))).toBe(0);
    await expect(logOut()).resolves.toBeUndefined();
  });
});

describe('problemOf', () => {
  it('keeps what is wrong with each field', () => {
    const errors = [{ field: 'title', in: 'body', message: 'is required' }, { field: 5 }, null];
    expect(problemOf(400, { detail: 'x', errors }).fields).toEqual([errors[0]]);
    expect(problemOf(400, { detail: 'x', errors: 'none' }).fields).toEqual([]);
  });
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
