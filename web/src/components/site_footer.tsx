import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router-dom';
import { listSitePages } from '../api/client';
import { strings } from '../strings';
import '../styles/site_page.css';

/** Links to the pages that this server has. */
export function SiteFooter() {
  const { data } = useQuery({
    queryKey: ['pages'],
    queryFn: ({ signal }) => listSitePages(signal),
    staleTime: Infinity,
  });
  if (!data || data.items.length === 0) return null;
  return (
    <footer className="bottom">
      <nav aria-label={strings.sitePages.about}>
        {data.items.map((name) => (
          <Link key={name} to={`/${name}`}>
            {strings.sitePages.title[name]}
          </Link>
        ))}
      </nav>
    </footer>
  );
}
