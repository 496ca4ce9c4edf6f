import { useTrash } from '../api/queries';
import type { Video } from '../api/types';
import { MoreButton } from '../components/more_button';
import { useRestoreWithWord } from '../components/owner_actions';
import { OwnViews } from '../components/own_views';
import { ProblemNotice } from '../components/problem_notice';
import { RequireUser } from '../components/require_user';
import { VideoRow } from '../components/video_row';
import { daysLeft } from '../format';
import { TrashIcon } from '../player/icons';
import { titleOf } from '../status';
import { strings } from '../strings';
import { useTitle } from './use_title';

export function TrashPage() {
  useTitle(strings.trash.title);
  return (
    <RequireUser why={strings.account.neededMine}>
      <div className="list narrow-list">
        <h1 className="list-title">{strings.trash.title}</h1>
        <OwnViews />
        <p className="soft">{strings.trash.hint}</p>
        <Trash />
      </div>
    </RequireUser>
  );
}

function Trash() {
  const list = useTrash();
  const restore = useRestoreWithWord();
  const videos = list.data?.pages.flatMap((page) => page.items) ?? [];

  if (list.isPending) return <p role="status">{strings.trash.loading}</p>;
  if (list.isError && videos.length === 0) {
    return (
      <ProblemNotice what={strings.trash.failed} error={list.error} onRetry={() => void list.refetch()} />
    );
  }
  if (videos.length === 0) {
    return (
      <div className="notice empty">
        <TrashIcon />
        <p className="notice-title">{strings.trash.empty}</p>
      </div>
    );
  }
  return (
    <>
      <ul className="rows" role="list">
        {videos.map((video) => (
          <li key={video.id}>
            <VideoRow video={video} note={timeLeft(video)} linked={false}>
              <div className="owner-actions">
                <button
                  type="button"
                  className="button plain small"
                  disabled={video.moderation?.state === 'deleted'}
                  aria-label={strings.trash.restoreOf(titleOf(video))}
                  onClick={() => void restore(video)}
                >
                  {strings.trash.restore}
                </button>
              </div>
            </VideoRow>
          </li>
        ))}
      </ul>
      <MoreButton list={list} />
    </>
  );
}

function timeLeft(video: Video): string {
  if (video.purge_at === null) return '';
  return strings.trash.daysLeft(daysLeft(video.purge_at, Date.now()));
}
