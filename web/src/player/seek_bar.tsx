import { type CSSProperties, useEffect, useState } from 'react';
import type { Chapter } from '../api/types';
import { clock, spokenClock } from '../format';
import { strings } from '../strings';
import type { Thumbnail } from './thumbnail';

interface SeekBarProps {
  positionMs: number;
  durationMs: number;
  bufferedMs: number;
  chapters: readonly Chapter[];
  /** Null where there is no picture of that time. */
  thumbnailAt: (seconds: number) => Promise<Thumbnail | null>;
  onSeek: (seconds: number) => void;
}

const percentOf = (part: number, whole: number) => (whole > 0 ? Math.min(100, (part / whole) * 100) : 0);

/** The one that plays at this time. */
export function chapterAt(chapters: readonly Chapter[], ms: number): Chapter | undefined {
  return chapters.find((chapter) => chapter.start_ms <= ms && ms < chapter.end_ms);
}

export function SeekBar(props: SeekBarProps) {
  const { positionMs, durationMs, bufferedMs, chapters, thumbnailAt, onSeek } = props;
  const [hover, setHover] = useState<number | null>(null);
  const style = {
    '--played': `${percentOf(positionMs, durationMs)}%`,
    '--buffered': `${percentOf(bufferedMs, durationMs)}%`,
  } as CSSProperties;
  const chapter = chapterAt(chapters, positionMs)?.title;
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
        <Hint share={hover} ms={hover * durationMs} chapters={chapters} thumbnailAt={thumbnailAt} />
      )}
      <input
        type="range"
        min={0}
        max={Math.max(1, durationMs)}
        step={100}
        value={Math.min(positionMs, Math.max(1, durationMs))}
        aria-label={strings.player.seek}
        aria-valuetext={chapter === undefined ? spoken : `${chapter}, ${spoken}`}
        onChange={(event) => onSeek(Number(event.target.value) / 1000)}
      />
      {durationMs > 0 && (
        <div className="seek-chapters" aria-hidden="true">
          {chapters
            .filter(({ start_ms: start }) => start > 0 && start < durationMs)
            .map(({ start_ms: start, title }) => (
              <i key={start} title={title} style={{ left: `${percentOf(start, durationMs)}%` }} />
            ))}
        </div>
      )}
    </div>
  );
}

type HintProps = Pick<SeekBarProps, 'chapters' | 'thumbnailAt'> & { share: number; ms: number };

/** Where the pointer is: what is seen there, in which chapter, and when. */
function Hint({ share, ms, chapters, thumbnailAt }: HintProps) {
  const picture = useThumbnail(thumbnailAt, Math.floor(ms / 1000));
  const chapter = chapterAt(chapters, ms);
  return (
    <span className="seek-hint" style={{ '--at': `${share * 100}%` } as CSSProperties} aria-hidden="true">
      {picture && (
        <span
          className="seek-picture"
          data-thumbnail=""
          style={{
            width: picture.width,
            height: picture.height,
            backgroundImage: `url("${picture.address}")`,
            backgroundPosition: `-${picture.x}px -${picture.y}px`,
          }}
        />
      )}
      {chapter && (
        <span className="seek-chapter" dir="auto">
          {chapter.title}
        </span>
      )}
      <span className="seek-time">{clock(ms)}</span>
    </span>
  );
}

/** The last picture stays until the next is known, so that nothing flickers. */
function useThumbnail(thumbnailAt: HintProps['thumbnailAt'], second: number): Thumbnail | null {
  const [picture, setPicture] = useState<Thumbnail | null>(null);
  useEffect(() => {
    let late = false;
    thumbnailAt(second).then(
      (found) => !late && setPicture(found),
      () => undefined,
    );
    return () => {
      late = true;
    };
  }, [thumbnailAt, second]);
  return picture;
}
