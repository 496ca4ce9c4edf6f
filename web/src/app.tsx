import { type RefObject, useEffect, useRef } from 'react';
import { Route, Routes, useLocation } from 'react-router-dom';
import { ErrorBoundary } from './components/error_boundary';
import { EmailBanner } from './components/email_banner';
import { Header } from './components/header';
import { LostSession } from './components/lost_session';
import { SiteFooter } from './components/site_footer';
import { ToastProvider } from './components/toasts';
import { AdminPage } from './pages/admin/admin_page';
import { ListPage } from './pages/list_page';
import { AuditPage } from './pages/audit_page';
import { OwnAccountPage } from './pages/own_account_page';
import { GroupPage } from './pages/group_page';
import { GroupsPage } from './pages/groups_page';
import { LogInPage, SignUpPage } from './pages/account_pages';
import { CheckEmailPage } from './pages/check_email_page';
import { JoinPage } from './pages/join_page';
import { MyVideosPage } from './pages/my_videos_page';
import { NotFoundPage } from './pages/not_found_page';
import { ForgotPasswordPage, ResetPasswordPage } from './pages/password_pages';
import { ProblemPage, ProblemsPage } from './pages/problem_page';
import { ReportsPage } from './pages/reports_page';
import { SearchPage } from './pages/search_page';
import { SitePage } from './pages/site_page';
import { TrashPage } from './pages/trash_page';
import { UploadPage } from './pages/upload_page';
import { WatchPage } from './pages/watch_page';
import { SessionProvider } from './api/session';
import { strings } from './strings';
import { UploadProvider } from './upload/context';

export function App() {
  return (
    <SessionProvider>
      <UploadProvider>
        <ToastProvider>
          <Frame />
        </ToastProvider>
      </UploadProvider>
    </SessionProvider>
  );
}

function Frame() {
  const main = useRef<HTMLElement>(null);
  useFocusOnNewPage(main);
  return (
    <>
      <a className="skip" href="#main">
        {strings.app.skip}
      </a>
      <Header />
      <EmailBanner />
      <main id="main" ref={main} tabIndex={-1}>
        <ErrorBoundary>
          <Routes>
            <Route path="/" element={<ListPage />} />
            <Route path="/watch/:id" element={<WatchPage />} />
            <Route path="/login" element={<LogInPage />} />
            <Route path="/signup" element={<SignUpPage />} />
            <Route path="/join" element={<JoinPage />} />
            <Route path="/forgot-password" element={<ForgotPasswordPage />} />
            <Route path="/reset-password" element={<ResetPasswordPage />} />
            <Route path="/check-email" element={<CheckEmailPage />} />
            <Route path="/account" element={<OwnAccountPage />} />
            <Route path="/audit" element={<AuditPage />} />
            <Route path="/groups" element={<GroupsPage />} />
            <Route path="/groups/:id" element={<GroupPage />} />
            <Route path="/reports" element={<ReportsPage />} />
            <Route path="/admin" element={<AdminPage />} />
            <Route path="/admin/:tab" element={<AdminPage />} />
            <Route path="/upload" element={<UploadPage />} />
            <Route path="/my-videos" element={<MyVideosPage />} />
            <Route path="/my-videos/trash" element={<TrashPage />} />
            <Route path="/search" element={<SearchPage />} />
            <Route path="/imprint" element={<SitePage name="imprint" />} />
            <Route path="/terms" element={<SitePage name="terms" />} />
            <Route path="/privacy" element={<SitePage name="privacy" />} />
            <Route path="/doc/problems" element={<ProblemsPage />} />
            <Route path="/doc/problems/:code" element={<ProblemPage />} />
            <Route path="*" element={<NotFoundPage />} />
          </Routes>
        </ErrorBoundary>
      </main>
      <SiteFooter />
      <LostSession />
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
