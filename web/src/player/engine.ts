import type shaka from 'shaka-player/dist/shaka-player.compiled-es2021.js';
import type { Caption } from '../api/types';
import { strings } from '../strings';
import {
  type Choice,
  preferredText,
  qualityChoices,
  qualityKey,
  qualityName,
  soundChoices,
  soundKey,
  textChoices,
  textIn,
} from './choices';
import { loadPreferences, type Preferences, savePreferences } from './preferences';
import { renewal } from './renewal';
import type { Thumbnail } from './thumbnail';

export interface PlayerError {
  text: string;
  code: string;
}

/** What the controls show. A new object for every change, so that React can compare by identity. */
export interface PlayerState {
  loaded: boolean;
  error: PlayerError | null;
  paused: boolean;
  ended: boolean;
  buffering: boolean;
  positionMs: number;
  durationMs: number;
  bufferedMs: number;
  volume: number;
  muted: boolean;
  speed: number;
  qualities: Choice[];
  /** Null: the player chooses by the line. */
  quality: string | null;
  /** The name of what is shown now, whoever chose it. */
  qualityNow: string;
  texts: Choice[];
  text: string | null;
  sounds: Choice[];
  sound: string | null;
}

export const initialState: PlayerState = {
  loaded: false,
  error: null,
  paused: true,
  ended: false,
  buffering: false,
  positionMs: 0,
  durationMs: 0,
  bufferedMs: 0,
  volume: 1,
  muted: false,
  speed: 1,
  qualities: [],
  quality: null,
  qualityNow: '',
  texts: [],
  text: null,
  sounds: [],
  sound: null,
};

// The server makes a segment that is asked for before its turn and answers within 8 s, or says 503: so wait longer
// than that for the first byte, and ask again.
const patience = {
  maxAttempts: 6,
  baseDelay: 1000,
  backoffFactor: 1.5,
  fuzzFactor: 0.3,
  timeout: 30000,
  stallTimeout: 15000,
  connectionTimeout: 15000,
};

const mediaEvents = [
  'play',
  'playing',
  'pause',
  'ended',
  'timeupdate',
  'seeking',
  'seeked',
  'durationchange',
  'progress',
  'volumechange',
  'ratechange',
];
const playerEvents = ['trackschanged', 'adaptation', 'variantchanged', 'textchanged', 'audiotrackschanged'];

/** Shaka Player behind the few verbs that the controls need. Owns the player, not the elements. */
export class Engine {
  private readonly player: shaka.Player;
  private readonly preferences: Preferences;
  private readonly listeners = new Set<() => void>();
  /** Ids of captions that are not in the manifest. */
  private readonly added = new Set<string>();
  private chosenQuality: string | null = null;
  private loaded = '';
  private newest = (address: string) => address;
  private state = initialState;
  private closed = false;

  constructor(
    lib: typeof shaka,
    private readonly video: HTMLVideoElement,
    textContainer: HTMLElement,
    wishes: Partial<Preferences> = {},
  ) {
    this.preferences = { ...loadPreferences(), ...wishes };
    lib.polyfill.installAll();
    this.player = new lib.Player();
    this.player.setVideoContainer(textContainer);
    this.player.configure({
      manifest: { retryParameters: patience },
      streaming: { retryParameters: patience, rebufferingGoal: 0.5, bufferingGoal: 30, bufferBehind: 60 },
    });
    this.player.getNetworkingEngine()?.registerRequestFilter((_type, request) => {
      request.uris = request.uris.map((uri) => this.newest(uri));
    });
    video.volume = this.preferences.volume;
    video.muted = this.preferences.muted;
    for (const name of mediaEvents) video.addEventListener(name, this.refresh);
    for (const name of playerEvents) this.player.addEventListener(name, this.refresh);
    this.player.addEventListener('buffering', (event) =>
      this.change({ buffering: (event as unknown as { buffering: boolean }).buffering }),
    );
    this.player.addEventListener('error', (event) =>
      this.fail((event as unknown as { detail: unknown }).detail),
    );
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): PlayerState => this.state;

  async load(address: string, startSeconds: number): Promise<void> {
    this.change({ ...initialState, buffering: true });
    this.loaded = absolute(address);
    try {
      await this.player.attach(this.video);
      await this.player.load(address, startSeconds > 0 ? startSeconds : null);
      if (this.closed) return;
      const texts = this.player.getTextTracks();
      // Shaka learns from the first picture segment where the subtitles of an HLS film begin, but only if a track was
      // chosen by then. To choose one and drop it at once loads nothing.
      if (texts[0]) this.player.selectTextTrack(texts[0]);
      const wanted = this.preferences.text;
      this.player.selectTextTrack(wanted === null ? null : textIn(texts, wanted));
      this.change({ loaded: true });
      this.refresh();
    } catch (error) {
      if (!this.closed) this.fail(error);
    }
  }

  /** From now on everything is fetched by this address of the manifest, which leads to the same one. */
  renew(address: string): void {
    this.newest = renewal(this.loaded, absolute(address));
  }

  /**
   * Adds the subtitles that joined after the manifest was fetched. They are known by the ids that DASH gives them: a
   * manifest without ids (HLS) has its own tracks only.
   */
  async addTexts(captions: readonly Caption[]): Promise<void> {
    if (this.closed || !this.state.loaded || this.player.getManifestType() !== 'DASH') return;
    const named = new Set(this.player.getTextTracks().map((track) => track.originalTextId));
    const joined = captions.filter(({ id }) => !named.has(`text-${id}`) && !this.added.has(id));
    for (const { id } of joined) this.added.add(id);
    for (const { url, language, label } of joined) {
      await this.player.addTextTrackAsync(absolute(url), language, 'subtitles', 'text/vtt', undefined, label);
    }
    if (joined.length > 0) this.refresh();
  }

  /** Thumbnails that the manifest does not name: of HLS, or made after it was fetched. */
  async addThumbnails(address: string): Promise<void> {
    if (this.closed || !this.state.loaded || this.player.getImageTracks().length > 0) return;
    await this.player.addThumbnailsTrack(absolute(address), 'text/vtt');
  }

  thumbnailAt = async (seconds: number): Promise<Thumbnail | null> => {
    const track = this.closed ? undefined : this.player.getImageTracks()[0];
    const found = track ? await this.player.getThumbnails(track.id, seconds) : null;
    const address = found?.uris[0];
    if (!found || address === undefined) return null;
    const { positionX: x, positionY: y, width, height } = found;
    // A file of thumbnails says the part within the address as well.
    return { address: this.newest(address.replace(/#.*$/, '')), x, y, width, height };
  };

  async close(): Promise<void> {
    this.closed = true;
    this.listeners.clear();
    for (const name of mediaEvents) this.video.removeEventListener(name, this.refresh);
    await this.player.destroy();
  }

  /** A browser may refuse to start sound that nobody asked for; the viewer then presses play. */
  play(): void {
    this.video.play().catch(() => this.refresh());
  }

  togglePlay(): void {
    if (this.video.paused) this.play();
    else this.video.pause();
  }

  seekTo(seconds: number): void {
    const end = Number.isFinite(this.video.duration) ? this.video.duration : 0;
    this.video.currentTime = Math.min(Math.max(0, seconds), Math.max(0, end - 0.1));
    this.refresh();
  }

  seekBy(seconds: number): void {
    this.seekTo(this.video.currentTime + seconds);
  }

  setVolume(volume: number): void {
    this.video.volume = Math.min(1, Math.max(0, volume));
    this.video.muted = this.video.volume === 0;
    savePreferences({ volume: this.video.volume, muted: this.video.muted });
  }

  toggleMute(): void {
    this.video.muted = !this.video.muted;
    if (!this.video.muted && this.video.volume === 0) this.video.volume = 0.5;
    savePreferences({ volume: this.video.volume, muted: this.video.muted });
  }

  setSpeed(speed: number): void {
    this.video.playbackRate = speed;
  }

  /** Null lets the player choose again. */
  setQuality(key: string | null): void {
    const track = this.player.getVideoTracks().find((candidate) => qualityKey(candidate) === key);
    this.chosenQuality = track ? key : null;
    this.player.configure({ abr: { enabled: !track } });
    // What is buffered ahead is replaced, so that the choice is seen now; 4 s stay, so that nothing stops.
    if (track) this.player.selectVideoTrack(track, true, 4);
    this.refresh();
  }

  setText(key: string | null): void {
    const track = this.player.getTextTracks().find((candidate) => String(candidate.id) === key) ?? null;
    this.player.selectTextTrack(track);
    this.preferences.text = track?.language ?? null;
    savePreferences({ text: this.preferences.text });
    this.refresh();
  }

  toggleText(): void {
    if (this.state.text !== null) {
      const last = this.preferences.text;
      this.setText(null);
      this.lastText = last;
      return;
    }
    const track = preferredText(this.player.getTextTracks(), this.lastText, navigator.languages);
    if (track) this.setText(String(track.id));
  }
  private lastText: string | null = null;

  setSound(key: string): void {
    const track = this.player.getAudioTracks().find((candidate) => soundKey(candidate) === key);
    if (track) this.player.selectAudioTrack(track, 4);
    this.refresh();
  }

  private refresh = (): void => {
    if (this.closed) return;
    const { video, player } = this;
    const pictures = player.getVideoTracks().filter((track) => track.height !== null);
    const shown = pictures.find((track) => track.active);
    const texts = player.getTextTracks();
    const sounds = player.getAudioTracks();
    const sound = sounds.find((track) => track.active);
    const text = texts.find((track) => track.active);
    this.change({
      paused: video.paused,
      ended: video.ended,
      positionMs: Math.round(video.currentTime * 1000),
      durationMs: Number.isFinite(video.duration) ? Math.round(video.duration * 1000) : 0,
      bufferedMs: bufferedAhead(video),
      volume: video.volume,
      muted: video.muted,
      speed: video.playbackRate,
      qualities: qualityChoices(pictures),
      quality: this.chosenQuality,
      qualityNow: shown ? qualityName(shown) : '',
      texts: textChoices(texts),
      text: text ? String(text.id) : null,
      sounds: soundChoices(sounds),
      sound: sound ? soundKey(sound) : null,
    });
  };

  private fail(error: unknown): void {
    const problem = error as Partial<shaka.util.Error>;
    // Severity 1 is what the player recovers from by itself.
    if (problem.severity === 1) return;
    this.change({ error: explain(problem), buffering: false });
  }

  private change(part: Partial<PlayerState>): void {
    this.state = { ...this.state, ...part };
    for (const listener of this.listeners) listener();
  }
}

function absolute(address: string): string {
  return new URL(address, window.location.href).href;
}

function bufferedAhead(video: HTMLVideoElement): number {
  for (let i = 0; i < video.buffered.length; i++) {
    const covers =
      video.buffered.start(i) <= video.currentTime + 0.1 && video.currentTime <= video.buffered.end(i);
    if (covers) return Math.round(video.buffered.end(i) * 1000);
  }
  return Math.round(video.currentTime * 1000);
}

/** The player itself could not be fetched: the server is gone for now, or another version of the page is there. */
export const playerMissing: PlayerError = { text: strings.player.errorNetwork, code: '' };

/** Shaka numbers its errors by category: 1 network, 3 media, 4 manifest. */
export function explain(error: { category?: number; code?: number }): PlayerError {
  const texts: Record<number, string> = {
    1: strings.player.errorNetwork,
    3: strings.player.errorMedia,
    4: strings.player.errorManifest,
  };
  return { text: texts[error.category ?? 0] ?? strings.player.errorOther, code: String(error.code ?? '') };
}
