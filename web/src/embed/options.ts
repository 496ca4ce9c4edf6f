import { startOf } from '../format';

/** What the address of an embedded player may ask for. */
export interface EmbedOptions {
  startSeconds: number;
  autoplay: boolean;
  muted: boolean;
  /** Language of the subtitles; null: none; undefined: as the viewer chose last. */
  captions: string | null | undefined;
}

/** `?t=90&autoplay=1&muted=1&captions=de`; `captions=off` shows none. */
export function embedOptions(search: string, hash: string): EmbedOptions {
  const asked = new URLSearchParams(search);
  const isOn = (name: string) => ['', '1', 'true'].includes(asked.get(name) ?? 'no');
  const captions = asked.get('captions');
  return {
    startSeconds: startOf(search, hash) ?? 0,
    autoplay: isOn('autoplay'),
    muted: isOn('muted'),
    captions: captions === null || captions === '' ? undefined : captions === 'off' ? null : captions,
  };
}
