import { Link } from 'react-router-dom';
import { isUnfinished } from '../api/events';
import { useLiveVideos, useVideoList } from '../api/queries';
import { MoreButton } from '../components/more_button';
import { ProblemNotice } from '../components/problem_notice';
import { VideoCard } from '../components/video_card';
import { FilmIcon } from '../player/icons';
import { strings } from '../strings';
import '../styles/list.css';
import { useTitle } from './use_title';

export function ListPage() {
  useTitle(undefined);
  const list = useVideoList();
  const videos = list.data?.pages.flatMap((page) => page.items) ?? [];
  useLiveVideos(videos.filter(isUnfinished).map((video) => video.id));

  if (list.isPending)
    return (
      <p className="notice" role="status">
        {strings.list.loading}
      </p>
    );
  if (list.isError && videos.length === 0) {
    return (
      <ProblemNotice what={strings.list.failed} error={list.error} onRetry={() => void list.refetch()} />
    );
  }
  if (videos.length === 0) return <Empty />;
  return (
    <div className="list">
      <h1 className="list-title">{strings.list.title}</h1>
      <ul className="grid" role="list">
        {videos.map((video) => (
          <li key={video.id}>
            <VideoCard video={video} />
          </li>
        ))}
      </ul>
      <MoreButton list={list} />
    </div>
  );
}

function Empty() {
  return (
    <div className="notice empty">
      <FilmIcon />
      <h1 className="notice-title">{strings.list.emptyTitle}</h1>
      <Link className="button" to="/upload">
        {strings.list.emptyUpload}
      </Link>
      <p>{strings.list.emptyText}</p>
      <pre>
        <code>{strings.list.emptyCommand}</code>
      </pre>
      <p>{strings.list.emptyAfter}</p>
    </div>
  );
}
