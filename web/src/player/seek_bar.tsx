import { type CSSProperties, useState } from 'react';
import { clock, spokenClock } from '../format';
import { strings } from '../strings';

interface SeekBarProps {
  positionMs: number;
  durationMs: number;
  bufferedMs: number;
  onSeek: (seconds: number) => void;
}

const percentOf = (part: number, whole: number) => (whole > 0 ? Math.min(100, (part / whole) * 100) : 0);

export function SeekBar({ positionMs, durationMs, bufferedMs, onSeek }: SeekBarProps) {
  const [hover, setHover] = useState<number | null>(null);
  const style = {
    '--played': `${percentOf(positionMs, durationMs)}%`,
    '--buffered': `${percentOf(bufferedMs, durationMs)}%`,
  } as CSSProperties;
  const spoken = strings.time.positionOf(spokenClock(positionMs), spokenClock(durationMs));
  return (
    <div
      className="seek"
      style={style}
      onPointerMove={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        setHover(Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)));
      }}
      onPointerLeave={() => setHover(null)}
    >
      {hover !== null && durationMs > 0 && (
        <span className="seek-time" style={{ left: `${hover * 100}%` }} aria-hidden="true">
          {clock(hover * durationMs)}
        </span>
      )}
      <input
        type="range"
        min={0}
        max={Math.max(1, durationMs)}
        step={100}
        value={Math.min(positionMs, Math.max(1, durationMs))}
        aria-label={strings.player.seek}
        aria-valuetext={spoken}
        onChange={(event) => onSeek(Number(event.target.value) / 1000)}
      />
    </div>
  );
}
