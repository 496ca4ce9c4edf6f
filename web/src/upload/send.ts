import { tellUnauthorized } from '../api/client';
import type { Visibility } from '../api/types';
import { strings } from '../strings';

export interface Outgoing {
  file: File;
  title: string;
  description: string;
  /** Null: what the server gives where nothing is said. */
  visibility: Visibility | null;
  /** Ids of those that it is for. */
  groups: string[];
}

/** Why a file did not arrive, and what to do about it. */
export class UploadProblem extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly advice: string,
    readonly field: 'title' | null = null,
  ) {
    super(message);
    this.name = 'UploadProblem';
  }

  /** The next file would fare no better. */
  get concernsAll(): boolean {
    return ![400, 413, 415, 422].includes(this.status);
  }
}

const address = '/api/v1/app/events/video-upload/';

/** Sends one file and gives the id of its video. XMLHttpRequest, since fetch does not tell how much has been sent. */
export function sendFile(
  { file, title, description, visibility, groups }: Outgoing,
  onProgress: (sentBytes: number) => void,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const cancel = () => request.abort();
    const done = (settle: () => void) => () => {
      signal.removeEventListener('abort', cancel);
      settle();
    };
    // What is sent counts the form's own bytes too.
    request.upload.onprogress = ({ loaded }) => onProgress(Math.min(loaded, file.size));
    request.onload = done(() => {
      const body = bodyOf(request.responseText);
      const id = body.video_id;
      if (request.status >= 200 && request.status < 300 && typeof id === 'string') return resolve(id);
      if (request.status === 401) tellUnauthorized();
      reject(explain(request.status, body));
    });
    request.onerror = done(() => reject(explain(0, {})));
    request.onabort = done(() => reject(new DOMException('cancelled', 'AbortError')));
    if (signal.aborted) return reject(new DOMException('cancelled', 'AbortError'));
    signal.addEventListener('abort', cancel);
    request.open('POST', address);
    request.setRequestHeader('accept', 'application/json');
    const form = new FormData();
    form.append('title', title);
    form.append('description', description);
    // Before the file, so that not even its first picture is seen by others.
    if (visibility !== null) form.append('visibility', visibility);
    if (groups.length > 0) form.append('groups', groups.join(','));
    form.append('video', file, file.name);
    request.send(form);
  });
}

function bodyOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** The sentence for people is `message` where there is one; `detail` then is a code, or the same at more length. */
export function explain(status: number, body: Record<string, unknown>): UploadProblem {
  const said = [body.message, body.detail, body.title].find(
    (part) => typeof part === 'string' && part !== '',
  );
  const words = strings.upload.problem;
  const text = typeof said === 'string' ? said : words.status(status);
  switch (status) {
    case 0:
      return new UploadProblem(0, words.broken, words.brokenAdvice);
    case 400:
      return body.error_key === 'title'
        ? new UploadProblem(status, text, words.titleAdvice, 'title')
        : new UploadProblem(status, text, words.fileAdvice);
    case 401:
      return new UploadProblem(status, words.loggedOut, words.loggedOutAdvice);
    case 413:
      return new UploadProblem(status, text, words.sizeAdvice);
    case 415:
    case 422:
      return new UploadProblem(status, text, words.fileAdvice);
    case 429:
      return new UploadProblem(status, text, words.waitAdvice(waitSeconds(body)));
    case 503:
      return new UploadProblem(status, text, words.busyAdvice);
    case 507:
      return new UploadProblem(status, text, words.spaceAdvice);
    default:
      return new UploadProblem(status, text, words.otherAdvice);
  }
}

function waitSeconds(body: Record<string, unknown>): number {
  const wait = (body.data as { wait_time?: unknown } | undefined)?.wait_time;
  return typeof wait === 'number' && wait > 0 ? Math.ceil(wait) : 60;
}
