import type { CSSProperties, ReactNode } from 'react';
import type { Chapter } from '../api/types';
import { clock } from '../format';
import { strings } from '../strings';
import { speedLabel, speeds } from './choices';
import type { Engine, PlayerState } from './engine';
import * as Icons from './icons';
import { Menu } from './menu';
import { SeekBar } from './seek_bar';

interface ControlsProps {
  engine: Engine;
  state: PlayerState;
  chapters: readonly Chapter[];
  container: HTMLElement | null;
  fullscreen: boolean;
  onFullscreen: () => void;
  onMenu: (open: boolean) => void;
}

const automatic = 'auto';
const off = 'off';

export function Controls(props: ControlsProps) {
  const { engine, state, chapters, container, fullscreen, onFullscreen, onMenu } = props;
  return (
    <div className="controls">
      <SeekBar
        positionMs={state.positionMs}
        durationMs={state.durationMs}
        bufferedMs={state.bufferedMs}
        chapters={chapters}
        thumbnailAt={engine.thumbnailAt}
        onSeek={(seconds) => engine.seekTo(seconds)}
      />
      <div className="controls-row">
        <PlayButton engine={engine} state={state} />
        <Volume engine={engine} state={state} />
        <span className="time">
          <span>{clock(state.positionMs)}</span>
          <span className="time-of"> / </span>
          <span>{clock(state.durationMs)}</span>
        </span>
        <span className="controls-gap" />
        <Menus engine={engine} state={state} container={container} onMenu={onMenu} />
        <Button
          label={fullscreen ? strings.player.leaveFullscreen : strings.player.fullscreen}
          shortcut="f"
          icon={fullscreen ? <Icons.LeaveFullscreenIcon /> : <Icons.FullscreenIcon />}
          onPress={onFullscreen}
        />
      </div>
    </div>
  );
}

function PlayButton({ engine, state }: { engine: Engine; state: PlayerState }) {
  if (state.ended) {
    return (
      <Button
        label={strings.player.replay}
        shortcut="Space"
        icon={<Icons.ReplayIcon />}
        onPress={() => engine.play()}
      />
    );
  }
  return (
    <Button
      label={state.paused ? strings.player.play : strings.player.pause}
      shortcut="Space"
      icon={state.paused ? <Icons.PlayIcon /> : <Icons.PauseIcon />}
      onPress={() => engine.togglePlay()}
    />
  );
}

function Volume({ engine, state }: { engine: Engine; state: PlayerState }) {
  const silent = state.muted || state.volume === 0;
  const shown = silent ? 0 : state.volume;
  return (
    <div className="volume">
      <Button
        label={silent ? strings.player.unmute : strings.player.mute}
        shortcut="m"
        icon={silent ? <Icons.MutedIcon /> : <Icons.SoundIcon />}
        onPress={() => engine.toggleMute()}
      />
      <input
        data-volume=""
        type="range"
        min={0}
        max={100}
        step={5}
        value={Math.round(shown * 100)}
        style={{ '--played': `${shown * 100}%` } as CSSProperties}
        aria-label={strings.player.volume}
        aria-valuetext={strings.status.percent(Math.round(shown * 100))}
        onChange={(event) => engine.setVolume(Number(event.target.value) / 100)}
      />
    </div>
  );
}

type MenusProps = Pick<ControlsProps, 'engine' | 'state' | 'container' | 'onMenu'>;

/** A menu with nothing to choose is not shown. */
function Menus({ engine, state, container, onMenu }: MenusProps) {
  const shared = { container, onOpenChange: onMenu };
  const auto =
    state.quality === null && state.qualityNow !== ''
      ? strings.player.qualityAutoNow(state.qualityNow)
      : strings.player.qualityAuto;
  return (
    <>
      {state.texts.length > 0 && (
        <Menu
          {...shared}
          label={strings.player.subtitles}
          shortcut="c"
          icon={state.text === null ? <Icons.SubtitlesIcon /> : <Icons.SubtitlesOnIcon />}
          choices={[{ key: off, label: strings.player.subtitlesOff }, ...state.texts]}
          value={state.text ?? off}
          onChange={(key) => engine.setText(key === off ? null : key)}
        />
      )}
      {state.sounds.length > 1 && (
        <Menu
          {...shared}
          label={strings.player.sound}
          icon={<Icons.TracksIcon />}
          choices={state.sounds}
          value={state.sound ?? ''}
          onChange={(key) => engine.setSound(key)}
        />
      )}
      <Menu
        {...shared}
        label={strings.player.speed}
        icon={<Icons.SpeedIcon />}
        choices={speeds.map((value) => ({ key: String(value), label: speedLabel(value) }))}
        value={String(state.speed)}
        onChange={(key) => engine.setSpeed(Number(key))}
      />
      {state.qualities.length > 1 && (
        <Menu
          {...shared}
          label={strings.player.quality}
          icon={<Icons.QualityIcon />}
          choices={[{ key: automatic, label: auto }, ...state.qualities]}
          value={state.quality ?? automatic}
          onChange={(key) => engine.setQuality(key === automatic ? null : key)}
        />
      )}
    </>
  );
}

interface ButtonProps {
  label: string;
  shortcut: string;
  icon: ReactNode;
  onPress: () => void;
}

function Button({ label, shortcut, icon, onPress }: ButtonProps) {
  return (
    <button
      type="button"
      className="control"
      aria-label={label}
      title={`${label} (${shortcut})`}
      aria-keyshortcuts={shortcut}
      onClick={onPress}
    >
      {icon}
    </button>
  );
}
