import type { Video } from './types';

// The server names each video once in the address, so the address has a length: this many ids are about 2.8 kB.
const idsMax = 64;
const reopenAfterMs = 3000;
const reopenAfterMsMax = 30000;

export function eventsAddress(ids: readonly string[]): string {
  const query = [...ids].slice(0, idsMax).map((id) => `video=${encodeURIComponent(id)}`);
  return `/api/v2/events?${query.join('&')}`;
}

/** Videos whose state still changes by itself. */
export function isUnfinished(video: Video): boolean {
  return video.status !== 'ready' && video.status !== 'failed';
}

export interface VideoEventHandlers {
  onVideo: (video: Video) => void;
  /** A video is gone, or the stream was interrupted and is open again: what happened must be fetched. */
  onStale: () => void;
}

/** Follows videos over one stream. The returned function closes it. */
export function followVideos(ids: readonly string[], handlers: VideoEventHandlers): () => void {
  if (ids.length === 0) return () => undefined;
  const onVideo = (text: string) => {
    const video = parseVideo(text);
    if (video) handlers.onVideo(video);
  };
  return followStream(eventsAddress(ids), { video: onVideo, gone: handlers.onStale }, handlers.onStale);
}

/**
 * Hands on the events of a stream by their names, and tells where it was interrupted and is open again. The browser
 * reopens a broken stream by itself; where it gives up (an error answer), this opens a new one, waiting longer each
 * time. The returned function closes the stream.
 */
export function followStream(
  address: string,
  listeners: Record<string, (data: string) => void>,
  onReopened: () => void,
): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waitMs = reopenAfterMs;
  let interrupted = false;

  const open = () => {
    source = new EventSource(address);
    source.addEventListener('open', () => {
      waitMs = reopenAfterMs;
      if (interrupted) onReopened();
      interrupted = false;
    });
    for (const [name, listener] of Object.entries(listeners))
      source.addEventListener(name, (event) => listener((event as MessageEvent<string>).data));
    source.addEventListener('error', () => {
      interrupted = true;
      if (source?.readyState !== EventSource.CLOSED) return;
      source.close();
      timer = setTimeout(open, waitMs);
      waitMs = Math.min(waitMs * 2, reopenAfterMsMax);
    });
  };
  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}

function parseVideo(text: string): Video | null {
  try {
    const value = JSON.parse(text) as Video | null;
    return value && typeof value.id === 'string' ? value : null;
  } catch {
    return null;
  }
}
