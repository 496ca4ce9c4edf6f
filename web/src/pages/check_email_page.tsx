import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router-dom';
import { ApiProblem, confirmEmail } from '../api/client';
import { NoticePage } from '../components/notice_page';
import { strings } from '../strings';
import { useTokenInAddress } from './use_token_in_address';

/** Where the link leads by which an address is checked: its token stands behind the "#", which no server is told. */
export function CheckEmailPage() {
  const token = useTokenInAddress();
  const client = useQueryClient();
  const asked = useQuery({
    queryKey: ['email-check', token],
    queryFn: async () => {
      await confirmEmail(token);
      await client.invalidateQueries({ queryKey: ['session'] });
      return true;
    },
    enabled: token !== '',
    retry: false,
    staleTime: Infinity,
    gcTime: Infinity,
  });
  const home = (
    <p>
      <Link to="/">{strings.email.goOn}</Link>
    </p>
  );
  if (asked.data)
    return (
      <NoticePage title={strings.email.checkedTitle} text={strings.email.checkedText}>
        {home}
      </NoticePage>
    );
  if (asked.isLoading) return <p role="status">{strings.email.checking}</p>;
  const error = asked.error;
  const known = error === null || (error instanceof ApiProblem && [400, 404].includes(error.status));
  return (
    <NoticePage
      title={known ? strings.email.badTitle : strings.email.failedTitle}
      text={known ? strings.email.badText : error.message}
    >
      {home}
    </NoticePage>
  );
}
