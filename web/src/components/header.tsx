import { Link, useLocation } from 'react-router-dom';
import { useSession } from '../api/session';
import { useSignUp } from '../api/sign_up';
import { UploadIcon } from '../player/icons';
import { wholePercent } from '../format';
import { strings } from '../strings';
import '../styles/header.css';
import { useUploads } from '../upload/context';
import { mayUpload } from '../user';
import { SearchBox } from './search_box';
import { UserMenu } from './user_menu';

export function Header() {
  const { user, pending } = useSession();
  return (
    <header className="top">
      <Link to="/" className="brand" aria-label={strings.app.name}>
        <Mark />
        <span className="header-text">{strings.app.name}</span>
      </Link>
      <SearchBox />
      <div className="header-end">
        {mayUpload(user) && <UploadLink />}
        {user && <UserMenu />}
        {!user && !pending && <ForStrangers />}
      </div>
    </header>
  );
}

function UploadLink() {
  const sending = useUploads().find(({ state }) => state === 'sending');
  const percent = sending ? wholePercent((100 * sending.sentBytes) / sending.file.size) : null;
  const label = percent === null ? strings.header.upload : strings.header.uploading(percent);
  return (
    <Link className="header-item" to="/upload" aria-label={label} title={label}>
      <UploadIcon />
      <span className="header-text">
        {percent === null ? strings.header.upload : strings.status.percent(percent)}
      </span>
    </Link>
  );
}

const accountPages = ['/login', '/signup', '/join', '/forgot-password', '/reset-password', '/check-email'];

function ForStrangers() {
  const { offered } = useSignUp();
  const { pathname, search } = useLocation();
  const elsewhere = pathname !== '/' && !accountPages.includes(pathname);
  const asked = new URLSearchParams(search).get('next');
  const next = elsewhere ? pathname + search : asked;
  const query = next === null ? '' : `?next=${encodeURIComponent(next)}`;
  return (
    <>
      <Link className="header-item" to={`/login${query}`}>
        {strings.header.logIn}
      </Link>
      {offered && (
        <Link className="button small only-wide" to={`/signup${query}`}>
          {strings.header.signUp}
        </Link>
      )}
    </>
  );
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false">
      <rect className="mark-ground" width="32" height="32" rx="8" />
      <path
        className="mark-play"
        d="M12 9.5v13a1 1 0 0 0 1.5.86l11-6.5a1 1 0 0 0 0-1.72l-11-6.5A1 1 0 0 0 12 9.5Z"
      />
    </svg>
  );
}
