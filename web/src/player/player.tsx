import {
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import type { Caption, Chapter } from '../api/types';
import { strings } from '../strings';
import '../styles/player.css';
import { browserAbilities, chooseManifest } from './choices';
import { Controls } from './controls';
import { Engine, initialState, type PlayerError, playerMissing, type PlayerState } from './engine';
import * as Icons from './icons';
import type { Preferences } from './preferences';
import { leadToSame } from './renewal';
import { commandFor } from './shortcuts';
import { useFullscreen } from './use_fullscreen';
import { useIdle } from './use_idle';

interface PlayerProps {
  title: string;
  source: { dash_url: string; hls_url: string };
  poster: string | null;
  startSeconds: number;
  autoplay: boolean;
  /** All that the video has by now; it may have got some after the manifest was fetched. */
  captions?: readonly Caption[];
  /** WebVTT of thumbnails; a manifest that was fetched early does not name them. */
  storyboard?: string | null;
  chapters?: readonly Chapter[];
  /** Stand before what the viewer chose last, as long as they choose nothing here. */
  wishes?: Partial<Preferences>;
  /** Shown over the picture, with the controls. */
  heading?: ReactNode;
}

const noChapters: readonly Chapter[] = [];

/** Plays one video. The parent gives a new `key` for another one. */
export function Player(props: PlayerProps) {
  const {
    title,
    source,
    poster,
    startSeconds,
    autoplay,
    captions,
    storyboard = null,
    chapters = noChapters,
    wishes,
    heading,
  } = props;
  const [frame, setFrame] = useState<HTMLElement | null>(null);
  const video = useRef<HTMLVideoElement>(null);
  const text = useRef<HTMLDivElement>(null);
  const address = chooseManifest(source, browserAbilities());
  const [attempt, setAttempt] = useState(0);
  const begun = useBegun(address, attempt);
  const { engine, missing } = useEngine(video, text, begun, { startSeconds, autoplay, wishes }, attempt);
  const state = useEngineState(engine);
  const [menuOpen, setMenuOpen] = useState(false);
  const { fullscreen, toggle } = useFullscreen(frame, video);
  const { idle, wake } = useIdle(!state.paused && !menuOpen && !state.buffering);
  useShortcuts(engine, toggle, wake);
  useEffect(() => {
    if (address !== null) engine?.renew(address);
  }, [engine, address]);
  useEffect(() => {
    if (state.loaded && captions) engine?.addTexts(captions).catch(() => undefined);
  }, [engine, state.loaded, captions]);
  useEffect(() => {
    if (state.loaded && storyboard !== null) engine?.addThumbnails(storyboard).catch(() => undefined);
  }, [engine, state.loaded, storyboard]);

  const retry = () => setAttempt((n) => n + 1);
  let failure: { error: PlayerError; onRetry?: () => void } | null = null;
  if (address === null) failure = { error: { text: strings.player.errorUnsupported, code: '' } };
  // A browser remembers that a script was not there, so only a reload asks again; it also brings a newer page.
  else if (missing) failure = { error: playerMissing, onRetry: () => window.location.reload() };
  else if (state.error) failure = { error: state.error, onRetry: retry };
  const onPicture = useCallback(
    (touch: boolean) => {
      if (touch) wake();
      else engine?.togglePlay();
    },
    [engine, wake],
  );

  return (
    <section
      ref={setFrame}
      className="player"
      data-idle={idle || undefined}
      aria-label={strings.player.region(title)}
      onPointerMove={wake}
      onFocus={wake}
      onKeyDown={wake}
    >
      <video ref={video} playsInline preload="auto" poster={poster ?? undefined} />
      <div ref={text} className="player-text" />
      <Surface onPress={onPicture} idle={idle} onDouble={toggle} />
      {heading && <div className="player-heading">{heading}</div>}
      {failure && <ErrorPanel {...failure} />}
      {!failure && state.buffering && (
        <div className="player-wait" role="status">
          <span className="spinner" />
          <span className="hidden">{strings.player.buffering}</span>
        </div>
      )}
      {!failure && engine && state.loaded && state.paused && !state.buffering && (
        <button
          type="button"
          className="big-play"
          aria-label={state.ended ? strings.player.replay : strings.player.play}
          onClick={() => engine.play()}
        >
          {state.ended ? <Icons.ReplayIcon /> : <Icons.PlayIcon />}
        </button>
      )}
      {!failure && engine && (
        <Controls
          engine={engine}
          state={state}
          chapters={chapters}
          container={frame}
          fullscreen={fullscreen}
          onFullscreen={toggle}
          onMenu={setMenuOpen}
        />
      )}
    </section>
  );
}

interface SurfaceProps {
  idle: boolean;
  onPress: (touch: boolean) => void;
  onDouble: () => void;
}

/** The picture itself: a mouse plays and pauses, a finger brings the controls. The buttons say the same to others. */
function Surface({ idle, onPress, onDouble }: SurfaceProps) {
  const touch = useRef(false);
  return (
    <div
      className="surface"
      data-idle={idle || undefined}
      onPointerDown={(event) => {
        touch.current = event.pointerType !== 'mouse';
      }}
      onClick={() => onPress(touch.current)}
      onDoubleClick={() => {
        if (!touch.current) onDouble();
      }}
    />
  );
}

function ErrorPanel({ error, onRetry }: { error: PlayerError; onRetry?: () => void }) {
  return (
    <div className="player-error" role="alert">
      <Icons.WarningIcon />
      <p>{error.text}</p>
      {error.code !== '' && <p className="player-code">{strings.player.errorCode(error.code)}</p>}
      {onRetry && (
        <button type="button" className="button" onClick={onRetry}>
          {strings.problem.retry}
        </button>
      )}
    </div>
  );
}

/** The address that playing began by: another one that leads to the same manifest begins nothing anew. */
function useBegun(address: string | null, attempt: number): string | null {
  const [begun, setBegun] = useState({ address, attempt });
  if (begun.attempt === attempt && leadToSame(begun.address, address)) return begun.address;
  setBegun({ address, attempt });
  return address;
}

function useEngine(
  video: RefObject<HTMLVideoElement>,
  text: RefObject<HTMLDivElement>,
  address: string | null,
  beginning: Pick<PlayerProps, 'startSeconds' | 'autoplay' | 'wishes'>,
  attempt: number,
): { engine: Engine | null; missing: boolean } {
  const [engine, setEngine] = useState<Engine | null>(null);
  const [missing, setMissing] = useState(false);
  const begin = useRef(beginning);
  useEffect(() => {
    if (address === null || !video.current || !text.current) return undefined;
    const elements = { video: video.current, text: text.current };
    let made: Engine | null = null;
    let gone = false;
    const start = ({ shaka }: typeof import('./shaka')) => {
      if (gone) return;
      const fresh = new Engine(shaka, elements.video, elements.text, begin.current.wishes);
      made = fresh;
      setEngine(fresh);
      const at = attempt > 0 ? elements.video.currentTime : 0;
      void fresh.load(address, at > 0 ? at : begin.current.startSeconds).then(() => {
        if (begin.current.autoplay) fresh.play();
      });
    };
    import('./shaka').then(start, () => !gone && setMissing(true));
    return () => {
      gone = true;
      setEngine(null);
      void made?.close();
    };
  }, [video, text, address, attempt]);
  return { engine, missing };
}

const never = () => () => undefined;
const nothing = () => initialState;

function useEngineState(engine: Engine | null): PlayerState {
  return useSyncExternalStore(engine?.subscribe ?? never, engine?.snapshot ?? nothing);
}

/** The keys work wherever the focus is, as long as nothing there needs them. */
function useShortcuts(engine: Engine | null, toggleFullscreen: () => void, wake: () => void): void {
  useEffect(() => {
    if (!engine) return undefined;
    const onKey = (event: KeyboardEvent) => {
      const command = commandFor(event, event.target);
      if (!command || event.defaultPrevented) return;
      event.preventDefault();
      wake();
      switch (command.kind) {
        case 'toggle-play':
          return engine.togglePlay();
        case 'seek-by':
          return engine.seekBy(command.seconds);
        case 'seek-to':
          return engine.seekTo((engine.snapshot().durationMs / 1000) * command.fraction);
        case 'volume-by':
          return engine.setVolume(engine.snapshot().volume + command.amount);
        case 'toggle-mute':
          return engine.toggleMute();
        case 'toggle-text':
          return engine.toggleText();
        case 'toggle-fullscreen':
          return toggleFullscreen();
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [engine, toggleFullscreen, wake]);
}
