import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { onUnauthorized } from '../src/api/client';
import { explain, sendFile, type UploadProblem } from '../src/upload/send';
import { FakeRequest } from './fake_request';

const file = new File(['x'.repeat(1000)], 'Fox.mkv');
const send = (onProgress: (bytes: number) => void = () => undefined, stop = new AbortController()) =>
  sendFile({ file, title: 'Fox', description: '', visibility: null, groups: [] }, onProgress, stop.signal);

beforeEach(() => FakeRequest.install());
afterEach(() => vi.unstubAllGlobals());

describe('sendFile', () => {
  it('sends the words before the file, tells how far it is, and gives the id', async () => {
    const seen: number[] = [];
    const sent = send((bytes) => seen.push(bytes));
    const request = FakeRequest.latest();
    expect(`${request.method} ${request.address}`).toBe('POST /api/v1/app/events/video-upload/');
    expect([...request.form.keys()]).toEqual(['title', 'description', 'video']);
    expect(request.form.get('video')).toHaveProperty('name', 'Fox.mkv');
    request.sent(400);
    // The form is a little longer than the file in it.
    request.sent(1300);
    expect(seen).toEqual([400, 1000]);
    request.answer(202, { status: 'success', detail: 'upload started', video_id: 'v1' });
    await expect(sent).resolves.toBe('v1');
  });

  it('is cancelled', async () => {
    const stop = new AbortController();
    const sent = send(undefined, stop);
    stop.abort();
    await expect(sent).rejects.toMatchObject({ name: 'AbortError' });
    expect(FakeRequest.latest().aborted).toBe(true);
  });

  it('tells that the session is gone', async () => {
    const listener = vi.fn();
    const stop = onUnauthorized(listener);
    const sent = send();
    FakeRequest.latest().answer(401, { status: 'error', detail: 'jwt-signature-expired', message: 'x' });
    await expect(sent).rejects.toMatchObject({ status: 401, message: 'You are not logged in any more.' });
    expect(listener).toHaveBeenCalledOnce();
    stop();
  });

  it.each([
    ['an answer without an id', (request: FakeRequest) => request.answer(202, {}), 202],
    ['an answer that is no JSON', (request: FakeRequest) => request.answer(502, '<html>'), 502],
    ['a line that breaks', (request: FakeRequest) => request.breakOff(), 0],
  ])('fails by %s', async (_what, act, status) => {
    const sent = send();
    act(FakeRequest.latest());
    await expect(sent).rejects.toMatchObject({ name: 'UploadProblem', status });
  });
});

describe('explain', () => {
  const said = (status: number, body: Record<string, unknown>): UploadProblem => explain(status, body);

  it('takes the sentence, and says what to do', () => {
    expect(said(400, { status: 'error', detail: 'This is not a video.' })).toMatchObject({
      message: 'This is not a video.',
      advice: 'Choose another file.',
      concernsAll: false,
    });
    expect(said(507, { detail: '3 GB are needed.' })).toMatchObject({
      message: '3 GB are needed.',
      advice: expect.stringContaining('make room'),
      concernsAll: true,
    });
    expect(said(413, { detail: 'At most 20 GiB.' }).advice).toContain('smaller file');
    expect(said(500, {}).message).toBe('The server answered with error 500.');
  });
  it('says which field is wrong', () => {
    const body = { status: 'error', error_key: 'title', message: 'The title is too long.', detail: '…' };
    expect(said(400, body)).toMatchObject({ field: 'title', message: 'The title is too long.' });
  });
  it('says how long to wait', () => {
    const body = { detail: 'rate-limit-exceeded', message: 'Too many.', data: { wait_time: 12.2 } };
    expect(said(429, body)).toMatchObject({ message: 'Too many.', advice: 'Try again in 13\u00a0s.' });
    expect(said(429, {}).advice).toContain('60');
  });
});
