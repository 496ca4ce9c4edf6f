import { titleLengthMax } from '../api/client';
import type { Visibility } from '../api/types';
import { strings } from '../strings';
import { Meter, type Pace } from './meter';
import { type Outgoing, UploadProblem } from './send';

/** `draft` waits for its words, `queued` for its turn; `sent` is with the server for good. */
export type UploadState = 'draft' | 'queued' | 'sending' | 'sent' | 'failed';

export interface Upload {
  id: number;
  file: File;
  title: string;
  description: string;
  /** Null: what the server gives where nothing is said. */
  visibility: Visibility | null;
  /** Ids of those that it is for where its visibility is `group`. */
  groups: string[];
  state: UploadState;
  sentBytes: number;
  pace: Pace | null;
  problem: UploadProblem | null;
  /** From when the server has it. */
  videoId: string | null;
}

export type UploadWords = Partial<Pick<Upload, 'title' | 'description' | 'visibility' | 'groups'>>;

export interface UploadPorts {
  send: (upload: Outgoing, onProgress: (sentBytes: number) => void, signal: AbortSignal) => Promise<string>;
  now: () => number;
}

/** Files on their way to the server, one after the other, whatever page is shown. */
export class UploadQueue {
  private uploads: readonly Upload[] = [];
  private readonly listeners = new Set<() => void>();
  private current: { id: number; stop: AbortController } | null = null;
  private lastId = 0;

  constructor(private readonly ports: UploadPorts) {}

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): readonly Upload[] => this.uploads;

  add(files: Iterable<File>): void {
    const added = [...files].map((file) => this.draft(file));
    this.put([...this.uploads, ...added]);
  }

  change(id: number, words: UploadWords): void {
    const upload = this.find(id);
    if (!upload || upload.state === 'sending' || upload.state === 'sent') return;
    this.patch(id, words);
  }

  /** Sends all that wait; those whose title cannot stand are told so and stay. */
  start(): void {
    for (const { id, state } of this.uploads) if (state === 'draft') this.enqueue(id);
    void this.work();
  }

  retry(id: number): void {
    if (this.find(id)?.state !== 'failed') return;
    this.enqueue(id);
    void this.work();
  }

  /** What is on its way stops; what waits, or is done, is taken from the list. */
  remove(id: number): void {
    if (this.current?.id === id) this.current.stop.abort();
    this.put(this.uploads.filter((upload) => upload.id !== id));
  }

  reset(): void {
    this.current?.stop.abort();
    this.put([]);
  }

  private draft(file: File): Upload {
    const empty = file.size === 0;
    return {
      id: ++this.lastId,
      file,
      title: titleFromName(file.name),
      description: '',
      visibility: null,
      groups: [],
      state: empty ? 'failed' : 'draft',
      sentBytes: 0,
      pace: null,
      problem: empty
        ? new UploadProblem(400, strings.upload.problem.empty, strings.upload.problem.fileAdvice)
        : null,
      videoId: null,
    };
  }

  private enqueue(id: number): void {
    const upload = this.find(id);
    if (!upload) return;
    const wrong = titleProblem(upload.title) ?? groupProblem(upload);
    if (wrong) this.patch(id, { state: 'failed', problem: wrong });
    else this.patch(id, { state: 'queued', problem: null, sentBytes: 0, pace: null });
  }

  private async work(): Promise<void> {
    if (this.current) return;
    for (;;) {
      const next = this.uploads.find(({ state }) => state === 'queued');
      if (!next) return;
      await this.sendOne(next);
    }
  }

  private async sendOne(upload: Upload): Promise<void> {
    const { id, file, visibility, groups } = upload;
    const stop = new AbortController();
    const meter = new Meter(file.size);
    meter.add(this.ports.now(), 0);
    this.current = { id, stop };
    this.patch(id, { state: 'sending' });
    try {
      const outgoing = {
        file,
        title: upload.title.trim(),
        description: upload.description.trim(),
        visibility,
        groups: visibility === 'group' ? groups : [],
      };
      const progress = (sentBytes: number) =>
        this.patch(id, { sentBytes, pace: meter.add(this.ports.now(), sentBytes) });
      const videoId = await this.ports.send(outgoing, progress, stop.signal);
      this.patch(id, { state: 'sent', sentBytes: file.size, pace: null, videoId });
    } catch (error) {
      if (!stop.signal.aborted) this.fail(id, error);
    } finally {
      this.current = null;
    }
  }

  private fail(id: number, error: unknown): void {
    const words = strings.upload.problem;
    const problem =
      error instanceof UploadProblem ? error : new UploadProblem(0, String(error), words.otherAdvice);
    this.patch(id, { state: 'failed', problem, pace: null });
    if (!problem.concernsAll) return;
    for (const { id: other, state } of this.uploads)
      if (state === 'queued') this.patch(other, { state: 'draft' });
  }

  private find(id: number): Upload | undefined {
    return this.uploads.find((upload) => upload.id === id);
  }

  private patch(id: number, part: Partial<Upload>): void {
    this.put(this.uploads.map((upload) => (upload.id === id ? { ...upload, ...part } : upload)));
  }

  private put(uploads: readonly Upload[]): void {
    this.uploads = uploads;
    for (const listener of this.listeners) listener();
  }
}

/** On its way, or waiting for its turn: lost when the page is left. */
export function isUnsent({ state }: Upload): boolean {
  return state === 'sending' || state === 'queued';
}

/** "Big_Buck_Bunny.1080p.mkv" → "Big Buck Bunny.1080p". */
export function titleFromName(name: string): string {
  const stem = name.replace(/\.[^.]{1,5}$/, '') || name;
  const words = stem.replace(/_+/g, ' ').replace(/\s+/g, ' ').trim();
  return [...words].slice(0, titleLengthMax).join('');
}

function titleProblem(title: string): UploadProblem | null {
  const words = strings.upload.problem;
  const length = [...title.trim()].length;
  if (length === 0) return new UploadProblem(400, words.titleMissing, '', 'title');
  if (length > titleLengthMax) return new UploadProblem(400, words.titleLong(titleLengthMax), '', 'title');
  return null;
}

function groupProblem({ visibility, groups }: Upload): UploadProblem | null {
  if (visibility !== 'group' || groups.length > 0) return null;
  return new UploadProblem(400, strings.groups.missing, '');
}
