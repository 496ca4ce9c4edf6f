import { strings } from '../strings';
import type { Page, Video } from './types';

/** A refusal of the server (RFC 9457 problem details), or no answer at all (status 0). */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly requestId: string | null = null,
  ) {
    super(message);
    this.name = 'ApiProblem';
  }
}

const pageSize = 24;

export function listVideos(cursor: string | null, signal?: AbortSignal): Promise<Page<Video>> {
  const query = new URLSearchParams({ limit: String(pageSize) });
  if (cursor !== null) query.set('cursor', cursor);
  return getJson<Page<Video>>(`/api/v2/videos?${query}`, signal);
}

export function getVideo(id: string, signal?: AbortSignal): Promise<Video> {
  return getJson<Video>(`/api/v2/videos/${encodeURIComponent(id)}`, signal);
}

async function getJson<T>(address: string, signal?: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(address, { headers: { accept: 'application/json' }, signal });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiProblem(0, strings.problem.unreachable);
  }
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw problemOf(response.status, body);
  if (body === null || typeof body !== 'object')
    throw new ApiProblem(response.status, strings.problem.notJson);
  return body as T;
}

/** Takes the sentence meant for people out of a problem document; a body of another kind gives a plain one. */
export function problemOf(status: number, body: unknown): ApiProblem {
  const document = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const text = [document.detail, document.title].find((part) => typeof part === 'string' && part !== '');
  const requestId = typeof document.request_id === 'string' ? document.request_id : null;
  return new ApiProblem(status, typeof text === 'string' ? text : strings.problem.status(status), requestId);
}

/** A refusal stays a refusal; no answer, an overload or a fault of the server may pass. */
export function worthRetrying(attempts: number, error: unknown): boolean {
  if (attempts >= 3) return false;
  return !(error instanceof ApiProblem) || error.status === 0 || error.status >= 500 || error.status === 429;
}
