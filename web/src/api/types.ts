// The shapes of Movio's API, version 2. What a video does not have yet is null.

export type VideoStatus = 'uploading' | 'submitted' | 'processing' | 'playable' | 'ready' | 'failed';

export interface Failure {
  code: string;
  message: string;
  detail: string;
}

export interface Progress {
  percent: number;
  /** What goes on: `waiting`, `index`, `encode`, `finish`. */
  stage: string;
  seconds_left: number | null;
}

export interface Playback {
  dash_url: string;
  hls_url: string;
  poster_url: string | null;
  storyboard_url: string | null;
}

export interface Rung {
  width: number;
  height: number;
  bandwidth: number;
  codec: string;
  source: 'encoded' | 'passthrough';
}

export interface Caption {
  id: string;
  language: string;
  label: string;
  source: 'embedded' | 'uploaded' | 'translated' | 'transcribed';
  url: string;
}

export interface Video {
  id: string;
  title: string;
  description: string;
  status: VideoStatus;
  failure: Failure | null;
  /** Zero until the file has been read. */
  duration_ms: number;
  created_at: string;
  progress: Progress | null;
  playback: Playback | null;
  rungs: Rung[];
  audio: { language: string; channels: number }[];
  captions: Caption[];
}

export interface Page<T> {
  items: T[];
  next: string | null;
}
