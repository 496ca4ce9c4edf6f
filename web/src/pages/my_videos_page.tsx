import { Link } from 'react-router-dom';
import { isUnfinished } from '../api/events';
import { useLiveVideos, useOwnVideos } from '../api/queries';
import { useSession } from '../api/session';
import { MoreButton } from '../components/more_button';
import { OwnerActions } from '../components/owner_actions';
import { OwnViews } from '../components/own_views';
import { ProblemNotice } from '../components/problem_notice';
import { RequireUser } from '../components/require_user';
import { VideoRow } from '../components/video_row';
import { FilmIcon } from '../player/icons';
import { strings } from '../strings';
import { mayUpload } from '../user';
import { useTitle } from './use_title';

export function MyVideosPage() {
  useTitle(strings.mine.title);
  return (
    <RequireUser why={strings.account.neededMine}>
      <div className="list narrow-list">
        <h1 className="list-title">{strings.mine.title}</h1>
        <OwnViews />
        <Own />
      </div>
    </RequireUser>
  );
}

function Own() {
  const { user } = useSession();
  const list = useOwnVideos();
  const videos = list.data?.pages.flatMap((page) => page.items) ?? [];
  useLiveVideos(videos.filter(isUnfinished).map((video) => video.id));

  if (list.isPending) return <p role="status">{strings.mine.loading}</p>;
  if (list.isError && videos.length === 0) {
    return (
      <ProblemNotice what={strings.mine.failed} error={list.error} onRetry={() => void list.refetch()} />
    );
  }
  if (videos.length === 0) {
    return (
      <div className="notice empty">
        <FilmIcon />
        <p className="notice-title">{strings.mine.empty}</p>
        {mayUpload(user) && (
          <Link className="button" to="/upload">
            {strings.mine.upload}
          </Link>
        )}
      </div>
    );
  }
  return (
    <>
      <ul className="rows" role="list">
        {videos.map((video) => (
          <li key={video.id}>
            <VideoRow video={video}>
              <OwnerActions video={video} />
            </VideoRow>
          </li>
        ))}
      </ul>
      <MoreButton list={list} />
    </>
  );
}
