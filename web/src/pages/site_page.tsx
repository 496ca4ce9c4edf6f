import { useQuery } from '@tanstack/react-query';
import { ApiProblem, getSitePage } from '../api/client';
import type { SitePageName } from '../api/types';
import { Markdown } from '../components/markdown';
import { ProblemNotice } from '../components/problem_notice';
import { strings } from '../strings';
import '../styles/list.css';
import '../styles/site_page.css';
import { NotFoundPage } from './not_found_page';
import { useTitle } from './use_title';

/** What whoever runs the server wrote, under a heading of theirs or else of ours. */
export function SitePage({ name }: { name: SitePageName }) {
  const title = strings.sitePages.title[name];
  useTitle(title);
  const page = useQuery({ queryKey: ['page', name], queryFn: ({ signal }) => getSitePage(name, signal) });
  if (page.error instanceof ApiProblem && page.error.status === 404) return <NotFoundPage />;
  if (page.error && !page.data)
    return (
      <ProblemNotice what={strings.sitePages.failed} error={page.error} onRetry={() => void page.refetch()} />
    );
  if (!page.data)
    return (
      <p className="notice" role="status">
        {strings.sitePages.loading}
      </p>
    );
  return (
    <article className="narrow text-page site-page">
      {!/^\ufeff?\s*# /.test(page.data.text) && <h1 className="list-title">{title}</h1>}
      <Markdown text={page.data.text} />
    </article>
  );
}
