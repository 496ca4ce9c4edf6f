import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import type { Video } from '../api/types';
import { clock, day } from '../format';
import { statusLine, titleOf } from '../status';
import { strings } from '../strings';
import '../styles/moderation.css';
import { ModerationNote } from './moderation_note';
import { Poster } from './poster';
import { Progress } from './progress';

interface VideoRowProps {
  video: Video;
  /** What else is said of it, after the facts. */
  note?: string;
  /** Without it the title leads nowhere: there is nothing to watch in the trash. */
  linked?: boolean;
  children: ReactNode;
}

export function VideoRow({ video, note, linked = true, children }: VideoRowProps) {
  const title = titleOf(video);
  const line = linked ? statusLine(video) : null;
  const date = day(video.created_at);
  const facts = [
    strings.visibility[video.visibility],
    video.duration_ms === 0 ? '' : clock(video.duration_ms),
    date === '' ? '' : strings.watch.added(date),
    note ?? '',
  ].filter((part) => part !== '');
  return (
    <article className="row" data-status={video.status}>
      <div className="row-poster">
        <Poster address={video.playback?.poster_url ?? null} failed={video.status === 'failed'} />
      </div>
      <div className="row-text">
        <h2 className="row-title" dir="auto">
          {linked ? <Link to={`/watch/${video.id}`}>{title}</Link> : title}
        </h2>
        <p className="soft">{facts.join(' · ')}</p>
        <ModerationNote moderation={video.moderation} />
        {line && <Progress line={line} />}
        {video.status === 'failed' && (
          <p className="soft">{video.failure?.message ?? strings.watch.failedUnknown}</p>
        )}
      </div>
      {children}
    </article>
  );
}
