import { useSession } from '../api/session';
import { strings } from '../strings';
import { LogInForm } from './account_forms';
import { Dialog } from './dialog';
import { OtherWays } from './other_ways';

/** Over whatever page is shown, so that the viewer comes back to it by logging in. */
export function LostSession() {
  const { lost, dismiss } = useSession();
  if (!lost) return null;
  return (
    <Dialog title={strings.account.lostTitle} description={strings.account.lostText} onClose={dismiss}>
      <OtherWays next={window.location.pathname + window.location.search} />
      <LogInForm onDone={() => undefined} />
      <button type="button" className="button plain wide" onClick={dismiss}>
        {strings.account.goOn}
      </button>
    </Dialog>
  );
}
