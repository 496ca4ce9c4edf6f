// What a viewer chose last, kept in this browser. A browser that keeps nothing (private windows) is no error.

export interface Preferences {
  /** Language of the subtitles; null when they are off. */
  text: string | null;
  volume: number;
  muted: boolean;
}

const storageKey = 'movio.player';
const defaults: Preferences = { text: null, volume: 1, muted: false };

export function loadPreferences(): Preferences {
  try {
    const kept = JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Partial<Preferences>;
    const volume =
      typeof kept.volume === 'number' && kept.volume >= 0 && kept.volume <= 1 ? kept.volume : defaults.volume;
    return { text: typeof kept.text === 'string' ? kept.text : null, volume, muted: kept.muted === true };
  } catch {
    return { ...defaults };
  }
}

export function savePreferences(change: Partial<Preferences>): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify({ ...loadPreferences(), ...change }));
  } catch {
    // Nothing to do: the choice holds until the page is closed.
  }
}
