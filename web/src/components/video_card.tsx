import { useState } from 'react';
import { Link } from 'react-router-dom';
import type { Video } from '../api/types';
import { clock } from '../format';
import { statusLine, titleOf } from '../status';
import { strings } from '../strings';
import { Poster } from './poster';
import { Progress } from './progress';

export function VideoCard({ video }: { video: Video }) {
  const title = titleOf(video);
  const line = statusLine(video);
  const duration = video.duration_ms === 0 ? null : clock(video.duration_ms);
  const [hovered, setHovered] = useState(false);
  return (
    <article
      className="card"
      data-status={video.status}
      onPointerEnter={(event) => setHovered(event.pointerType === 'mouse' && mayMove())}
      onPointerLeave={() => setHovered(false)}
    >
      <div className="card-poster">
        <Poster
          address={video.playback?.poster_url ?? null}
          preview={video.playback?.preview_url ?? null}
          hovered={hovered}
          failed={video.status === 'failed'}
        />
        {duration !== null && (
          <span className="card-duration">
            <span className="hidden">{strings.list.duration('')}</span>
            {duration}
          </span>
        )}
      </div>
      <h2 className="card-title">
        <Link to={`/watch/${video.id}`} state={{ autoplay: true }} dir="auto">
          {title}
        </Link>
      </h2>
      {video.visibility !== 'public' && <p className="soft">{strings.visibility[video.visibility]}</p>}
      {line && <Progress line={line} />}
      {video.status === 'failed' && (
        <p className="card-failure">{video.failure?.message ?? strings.watch.failedUnknown}</p>
      )}
    </article>
  );
}

/** Not for those who asked their system for less movement. */
function mayMove(): boolean {
  return !window.matchMedia?.('(prefers-reduced-motion: reduce)').matches;
}
