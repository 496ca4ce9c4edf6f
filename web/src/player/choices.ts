import { languageName } from '../format';
import { strings } from '../strings';

// What a viewer can choose while a video plays, worked out from the player's tracks. Pure, so that it can be tested.

export interface Choice {
  key: string;
  label: string;
}

interface Picture {
  width: number | null;
  height: number | null;
  frameRate: number | null;
  bandwidth: number;
}

/** "480p": the short side of the upright picture, as the rungs are named. */
export function qualityName(picture: Pick<Picture, 'width' | 'height'>): string {
  const sides = [picture.width, picture.height].filter((side): side is number => side !== null && side > 0);
  return sides.length === 0 ? '' : `${Math.min(...sides)}p`;
}

export function qualityKey(picture: Picture): string {
  return `${picture.width ?? 0}x${picture.height ?? 0}@${picture.bandwidth}`;
}

/** Best first. Two rungs of one size are told apart by their rate. */
export function qualityChoices(pictures: readonly Picture[]): Choice[] {
  const sorted = [...pictures].sort((a, b) => size(b) - size(a) || b.bandwidth - a.bandwidth);
  const names = sorted.map(qualityName);
  return sorted.map((picture, i) => {
    const name = names[i] ?? '';
    const shared = name === '' || names.filter((other) => other === name).length > 1;
    const rate = `${Math.round(picture.bandwidth / 1000)} kbit/s`;
    const label = shared ? [name, rate].filter((part) => part !== '').join(', ') : name;
    return { key: qualityKey(picture), label };
  });
}

function size(picture: Picture): number {
  return (picture.width ?? 0) * (picture.height ?? 0);
}

interface TextLike {
  id: number;
  language: string;
  originalLanguage: string | null;
  label: string | null;
}

export function textChoices(tracks: readonly TextLike[]): Choice[] {
  const labels = tracks.map((track) => track.label || languageName(track.originalLanguage || track.language));
  return tracks.map((track, i) => ({ key: String(track.id), label: distinct(labels, i) }));
}

interface SoundLike {
  language: string;
  originalLanguage: string | null;
  label: string | null;
  channelsCount: number | null;
  codecs: string | null;
  roles: readonly string[];
}

export function soundKey(track: SoundLike): string {
  return [
    track.originalLanguage ?? track.language,
    track.label,
    track.channelsCount,
    track.codecs,
    track.roles.join('+'),
  ].join('|');
}

export function soundChoices(tracks: readonly SoundLike[]): Choice[] {
  const labels = tracks.map((track) => {
    const name = track.label || languageName(track.originalLanguage || track.language);
    const channels = channelName(track.channelsCount);
    return channels === '' ? name : `${name}, ${channels}`;
  });
  return tracks.map((track, i) => ({ key: soundKey(track), label: distinct(labels, i) }));
}

function channelName(channels: number | null): string {
  if (channels === null || channels <= 0) return '';
  if (channels === 1) return strings.player.mono;
  if (channels === 2) return strings.player.stereo;
  return strings.player.surround(channels);
}

/** Two tracks that read the same are numbered. */
function distinct(labels: readonly string[], i: number): string {
  const label = labels[i] ?? '';
  if (labels.filter((other) => other === label).length < 2) return label;
  return `${label} – ${strings.player.track(i + 1)}`;
}

/** The track in a language, else in its base language: to show what nobody asked for now. Null where there is none. */
export function textIn<T extends { language: string }>(tracks: readonly T[], wanted: string): T | null {
  return (
    tracks.find((track) => track.language === wanted) ??
    tracks.find((track) => base(track.language) === base(wanted)) ??
    null
  );
}

/** The track to show when subtitles are switched on: the remembered language, else the viewer's, else the first. */
export function preferredText<T extends { language: string }>(
  tracks: readonly T[],
  remembered: string | null,
  languages: readonly string[],
): T | null {
  for (const wanted of remembered ? [remembered, ...languages] : languages) {
    const found = textIn(tracks, wanted);
    if (found) return found;
  }
  return tracks[0] ?? null;
}

function base(tag: string): string {
  return (tag.split('-')[0] ?? '').toLowerCase();
}

export interface Abilities {
  mediaSource: boolean;
  nativeHls: boolean;
}

/** DASH wherever the browser lets a script feed the player; a phone that cannot do that plays HLS by itself. */
export function chooseManifest(
  playback: { dash_url: string; hls_url: string },
  can: Abilities,
): string | null {
  if (can.mediaSource) return playback.dash_url;
  return can.nativeHls ? playback.hls_url : null;
}

export function browserAbilities(): Abilities {
  const probe = document.createElement('video');
  return {
    mediaSource: 'MediaSource' in window || 'ManagedMediaSource' in window,
    nativeHls: probe.canPlayType('application/vnd.apple.mpegurl') !== '',
  };
}

export const speeds = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2] as const;

export function speedLabel(speed: number): string {
  return speed === 1 ? strings.player.speedNormal : `${speed}×`;
}
