import { type CSSProperties, useRef } from 'react';
import { useLocation, useNavigate, useParams } from 'react-router-dom';
import { ApiProblem } from '../api/client';
import { isUnfinished } from '../api/events';
import { useLiveVideos, useVideo } from '../api/queries';
import { useSession } from '../api/session';
import type { DecisionKind, Video } from '../api/types';
import { LicenceLine } from '../components/licence_line';
import { MakingFigures } from '../components/making_figures';
import { ModerationNote } from '../components/moderation_note';
import { ModeratorActions } from '../components/moderator_actions';
import { OwnerActions } from '../components/owner_actions';
import { ProblemNotice } from '../components/problem_notice';
import { Progress } from '../components/progress';
import { ReportButton } from '../components/report_dialog';
import { clock, day, startOf } from '../format';
import { WarningIcon } from '../player/icons';
import { Player } from '../player/player';
import { stageRatio, statusLine, titleOf } from '../status';
import { strings } from '../strings';
import '../styles/moderation.css';
import '../styles/watch.css';
import { isAdmin, isModerator } from '../user';
import { NotFoundPage } from './not_found_page';
import { useTitle } from './use_title';

export function WatchPage() {
  const { id = '' } = useParams();
  const video = useVideo(id);
  useTitle(video.data ? titleOf(video.data) : undefined);
  useLiveVideos(video.data && isUnfinished(video.data) ? [video.data.id] : []);

  if (video.isPending)
    return (
      <p className="notice" role="status">
        {strings.watch.loading}
      </p>
    );
  // Also when it was there before: it was deleted, or who looks may not see it any more.
  if (video.error instanceof ApiProblem && (video.error.status === 404 || video.error.status === 400)) {
    return <NotFoundPage text={strings.watch.missing} />;
  }
  if (video.data) return <Watch key={id} video={video.data} />;
  return (
    <ProblemNotice what={strings.watch.failed} error={video.error} onRetry={() => void video.refetch()} />
  );
}

function Watch({ video }: { video: Video }) {
  const { search, hash, state } = useLocation();
  const navigate = useNavigate();
  const start = startOf(search, hash);
  const asked = start !== null || (state as { autoplay?: boolean } | null)?.autoplay === true;
  // Whoever came to watch gets it at once; whoever waited while it was made starts it when they want.
  const autoplay = useRef(asked && video.playback !== null).current;
  return (
    <article className="watch" style={{ '--ratio': stageRatio(video.rungs) } as CSSProperties}>
      <div className="stage">
        {video.playback && video.status !== 'failed' ? (
          <Player
            key={start ?? 0}
            title={titleOf(video)}
            source={video.playback}
            poster={video.playback.poster_url}
            startSeconds={start ?? 0}
            autoplay={autoplay}
            captions={video.captions}
            storyboard={video.playback.storyboard_url}
            chapters={video.chapters}
          />
        ) : (
          <Instead video={video} />
        )}
      </div>
      <div className="about">
        <h1 className="about-title" dir="auto">
          {titleOf(video)}
        </h1>
        <p className="about-facts">{facts(video).join(' · ')}</p>
        <ModerationNote moderation={video.moderation} />
        {video.mine && <OwnerActions video={video} onDeleted={() => navigate('/my-videos')} />}
        <Making video={video} />
        {video.description && (
          <p className="about-text" dir="auto">
            {video.description}
          </p>
        )}
        <LicenceLine video={video} />
        <Order video={video} />
        <MakingFigures video={video} />
      </div>
    </article>
  );
}

/** Reports, and what moderators do; not with videos of their own. */
function Order({ video }: { video: Video }) {
  const { user } = useSession();
  const decisions: DecisionKind[] = video.moderation ? ['restore', 'delete'] : ['hide', 'delete'];
  return (
    <div className="owner-actions">
      {!video.mine && <ReportButton video={video} />}
      {isModerator(user) && (!video.mine || isAdmin(user)) && (
        <ModeratorActions id={video.id} title={titleOf(video)} offered={[...decisions, 'block']} />
      )}
    </div>
  );
}

function facts(video: Video): string[] {
  const date = day(video.created_at);
  return [
    video.duration_ms === 0 ? '' : clock(video.duration_ms),
    date === '' ? '' : strings.watch.added(date),
    video.visibility === 'public' ? '' : strings.visibility[video.visibility],
    // Of interest to whoever uploaded it.
    video.mine && video.playable_after_ms !== null
      ? strings.watch.playableAfter((video.playable_after_ms / 1000).toFixed(1))
      : '',
  ].filter((part) => part !== '');
}

/** In the player's place while there is nothing to play. */
function Instead({ video }: { video: Video }) {
  const line = statusLine(video);
  if (video.status === 'failed') {
    return (
      <div className="instead" role="alert">
        <WarningIcon />
        <p className="notice-title">{strings.watch.failedTitle}</p>
        <p>{video.failure?.message ?? strings.watch.failedUnknown}</p>
        {video.failure?.detail && (
          <details>
            <summary>{strings.watch.details}</summary>
            <pre>{`${video.failure.code}: ${video.failure.detail}`}</pre>
          </details>
        )}
      </div>
    );
  }
  return (
    <div className="instead">
      {line && <Progress line={line} />}
      <p>{strings.watch.playSoon}</p>
    </div>
  );
}

/** Under the player while the better rungs, or other languages, are still being made. */
function Making({ video }: { video: Video }) {
  const line = statusLine(video);
  if (!line || !video.playback || video.status === 'failed') return null;
  return (
    <div className="making">
      <Progress line={line} />
      <p>{strings.watch.playNow}</p>
    </div>
  );
}
