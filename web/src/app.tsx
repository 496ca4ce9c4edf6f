import { type RefObject, useEffect, useRef } from 'react';
import { Link, Route, Routes, useLocation } from 'react-router-dom';
import { ErrorBoundary } from './components/error_boundary';
import { ListPage } from './pages/list_page';
import { NotFoundPage } from './pages/not_found_page';
import { WatchPage } from './pages/watch_page';
import { strings } from './strings';

export function App() {
  const main = useRef<HTMLElement>(null);
  useFocusOnNewPage(main);
  return (
    <>
      <a className="skip" href="#main">
        {strings.app.skip}
      </a>
      <header className="top">
        <Link to="/" className="brand">
          <Mark />
          {strings.app.name}
        </Link>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        <ErrorBoundary>
          <Routes>
            <Route path="/" element={<ListPage />} />
            <Route path="/watch/:id" element={<WatchPage />} />
            <Route path="*" element={<NotFoundPage />} />
          </Routes>
        </ErrorBoundary>
      </main>
    </>
  );
}

/** A page that changes without being loaded anew must be told to a screen reader: the focus moves to it. */
function useFocusOnNewPage(main: RefObject<HTMLElement>) {
  const { pathname } = useLocation();
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [main, pathname]);
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
