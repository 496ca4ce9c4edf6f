import type { Rung, Video } from './api/types';
import { timeLeft, wholePercent } from './format';
import { strings } from './strings';

/** What a viewer is told of a video that is not finished. */
export interface StatusLine {
  text: string;
  /** 0 to 99, or null when nobody can say. */
  percent: number | null;
  tone: 'busy' | 'failed';
}

/** Null for a video that is ready: there is nothing to say. */
export function statusLine(video: Video): StatusLine | null {
  if (video.status === 'ready') return null;
  if (video.status === 'failed') return { text: strings.status.failed, percent: null, tone: 'failed' };
  const waiting = video.status === 'submitted' || video.status === 'uploading';
  const percent = video.progress?.percent ?? null;
  const parts = [waiting ? strings.status[video.status] : stageText(video)];
  const seconds = video.progress?.seconds_left ?? null;
  if (percent !== null && !(waiting && percent === 0))
    parts.push(strings.status.percent(wholePercent(percent)));
  if (seconds !== null && !waiting) parts.push(timeLeft(seconds));
  return { text: parts.join(', '), percent: percent === null ? null : wholePercent(percent), tone: 'busy' };
}

function stageText(video: Video): string {
  const stage = video.progress?.stage ?? '';
  if (stage === '') return strings.status[video.status];
  // All rungs come out of one run through the film, so they are named together.
  if (stage === 'encode' && video.rungs.length > 0) return strings.status.making(rungNames(video.rungs));
  return strings.stage[stage] ?? strings.status.making(stage);
}

function rungNames(rungs: readonly Rung[]): string {
  const heights = [...new Set(rungs.map(({ width, height }) => Math.min(width, height)))].sort(
    (a, b) => a - b,
  );
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(heights.map((height) => `${height}p`));
}

export function titleOf(video: Video): string {
  return video.title.trim() === '' ? strings.untitled : video.title;
}

/** Width to height of the place a video is shown in: its own, except that a portrait film does not fill the page. */
export function stageRatio(rungs: readonly Rung[]): number {
  const top = rungs.reduce<Rung | null>(
    (best, rung) => (best && best.height >= rung.height ? best : rung),
    null,
  );
  if (!top || top.height <= 0) return 16 / 9;
  return Math.min(2.4, Math.max(4 / 3, top.width / top.height));
}
