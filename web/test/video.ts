import type { Video } from '../src/api/types';

/** A video that is ready, changed as a test wants it. */
export function video(change: Partial<Video> = {}): Video {
  return {
    id: '01936b2e-0000-7000-8000-000000000001',
    title: 'Big Buck Bunny',
    description: 'A rabbit.',
    status: 'ready',
    failure: null,
    duration_ms: 30000,
    created_at: '2026-11-20T10:00:00Z',
    playable_after_ms: null,
    progress: null,
    playback: {
      dash_url: '/media/o/x/1/main.mpd',
      hls_url: '/media/o/x/1/main.m3u8',
      poster_url: null,
      storyboard_url: null,
      preview_url: null,
      chapters_url: null,
      expires_at: null,
    },
    rungs: [],
    audio: [],
    chapters: [],
    analysis: null,
    captions: [],
    estimate: null,
    actual: null,
    visibility: 'public',
    licence: '',
    moderation: null,
    attribution: '',
    mine: false,
    shared_with: null,
    groups: null,
    deleted_at: null,
    purge_at: null,
    ...change,
  };
}
