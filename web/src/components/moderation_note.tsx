import type { Video } from '../api/types';
import { day } from '../format';
import { strings } from '../strings';

/** What a moderator decided of the video and why; shown to whoever is told. */
export function ModerationNote({ moderation }: { moderation: Video['moderation'] }) {
  if (!moderation) return null;
  const { state, reason, decided_at } = moderation;
  return (
    <p className="moderation-note" role="note">
      <strong>{strings.moderation.state[state](day(decided_at))}</strong> <span dir="auto">{reason}</span>
    </p>
  );
}
