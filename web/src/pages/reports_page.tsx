import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router-dom';
import { listReports } from '../api/client';
import { useSession } from '../api/session';
import type { DecisionKind, Report } from '../api/types';
import { ModerationNote } from '../components/moderation_note';
import { ModeratorActions } from '../components/moderator_actions';
import { MoreButton } from '../components/more_button';
import { ProblemNotice } from '../components/problem_notice';
import { RequireUser } from '../components/require_user';
import { day } from '../format';
import { strings } from '../strings';
import '../styles/account.css';
import '../styles/list.css';
import '../styles/moderation.css';
import '../styles/rows.css';
import { isModerator } from '../user';
import { useTitle } from './use_title';

export function ReportsPage() {
  useTitle(strings.moderation.title);
  const { user } = useSession();
  const [query] = useSearchParams();
  const open = query.get('state') !== 'closed';
  return (
    <RequireUser why={strings.moderation.needed}>
      <div className="list narrow-list">
        <h1 className="list-title">{strings.moderation.title}</h1>
        {isModerator(user) ? (
          <>
            <nav className="views" aria-label={strings.moderation.views}>
              <Link to="/reports" aria-current={open ? 'page' : undefined}>
                {strings.moderation.open}
              </Link>
              <Link to="/reports?state=closed" aria-current={open ? undefined : 'page'}>
                {strings.moderation.closed}
              </Link>
            </nav>
            <Reports key={String(open)} state={open ? 'open' : 'closed'} />
          </>
        ) : (
          <p>{strings.moderation.moderatorsOnly}</p>
        )}
      </div>
    </RequireUser>
  );
}

/** What waits for a decision, or has been decided on. */
export function Reports({ state }: { state: 'open' | 'closed' }) {
  const list = useInfiniteQuery({
    queryKey: ['reports', state],
    queryFn: ({ pageParam, signal }) => listReports(state, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const reports = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (list.isPending) return <p role="status">{strings.moderation.loading}</p>;
  if (list.isError && reports.length === 0)
    return (
      <ProblemNotice
        what={strings.moderation.failed}
        error={list.error}
        onRetry={() => void list.refetch()}
      />
    );
  if (reports.length === 0) return <p>{strings.moderation.empty}</p>;
  return (
    <>
      <ul className="rows" role="list" aria-label={strings.moderation.title}>
        {reports.map((report) => (
          <li key={report.id} className="account-row">
            <ReportView report={report} />
          </li>
        ))}
      </ul>
      <MoreButton list={list} />
    </>
  );
}

function ReportView({ report }: { report: Report }) {
  const { video, owner, reporter, decision } = report;
  const title = video.title.trim() === '' ? strings.untitled : video.title;
  return (
    <>
      <div className="account-what">
        <strong dir="auto">{video.deleted ? title : <Link to={`/watch/${video.id}`}>{title}</Link>}</strong>
        <span>
          {strings.report.reason[report.reason]}
          {report.text !== '' && (
            <>
              : <span dir="auto">{report.text}</span>
            </>
          )}
        </span>
        <span className="soft">
          {strings.moderation.reported(reporter?.name ?? strings.moderation.guest, day(report.created_at))}
          {owner && ` · ${strings.moderation.owner(owner.name, owner.blocked)}`}
          {` · ${strings.visibility[video.visibility]}`}
        </span>
        <ModerationNote moderation={video.moderation} />
        {decision && (
          <span className="soft">
            {strings.moderation.decided(
              strings.moderation.decision[decision.decision],
              decision.by.name,
              day(decision.decided_at),
            )}{' '}
            <span dir="auto">{decision.reason}</span>
          </span>
        )}
      </div>
      <ModeratorActions id={video.id} title={title} offered={offeredFor(report)} />
    </>
  );
}

function offeredFor({ video, owner }: Report): DecisionKind[] {
  const decisions: DecisionKind[] = video.open_reports > 0 ? ['dismiss'] : [];
  if (video.moderation) decisions.push('restore');
  else decisions.push('hide');
  if (video.moderation?.state !== 'deleted') decisions.push('delete');
  if (owner && !owner.blocked) decisions.push('block');
  return decisions;
}
