import { useMutation } from '@tanstack/react-query';
import { sendEmailCheck } from '../api/client';
import { useSession } from '../api/session';
import { strings } from '../strings';
import '../styles/email_banner.css';
import { useToast } from './toasts';

/** On every page of who has not shown yet that their address is theirs. */
export function EmailBanner() {
  const { user } = useSession();
  if (!user || user.email_checked) return null;
  return (
    <section className="email-banner" aria-label={strings.email.banner}>
      <p>{strings.email.unchecked(user.email)}</p>
      <SendAgain email={user.email} />
    </section>
  );
}

export function SendAgain({ email }: { email: string }) {
  const toast = useToast();
  const send = useMutation({
    mutationFn: sendEmailCheck,
    onSuccess: () => toast({ text: strings.email.sent(email) }),
    onError: (error) => toast({ text: error.message, tone: 'bad' }),
  });
  return (
    <button
      type="button"
      className="button plain small"
      disabled={send.isPending}
      onClick={() => send.mutate()}
    >
      {strings.email.sendAgain}
    </button>
  );
}
