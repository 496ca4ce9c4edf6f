import { useMemo } from 'react';
import { strings } from '../strings';
import type { Upload } from '../upload/queue';

const stepPercent = 25;

/** How far it is, for those who do not see the bar. Now and then: a bar that speaks at each percent is a torment. */
export function UploadAnnouncer({ uploads }: { uploads: readonly Upload[] }) {
  const text = uploads.map(said).filter(Boolean).at(-1) ?? '';
  return useMemo(
    () => (
      <p className="hidden" role="status">
        {text}
      </p>
    ),
    [text],
  );
}

function said(upload: Upload): string {
  const { title, state, problem, sentBytes, file } = upload;
  if (state === 'failed' && problem) return strings.upload.announceFailed(title, problem.message);
  if (state === 'sent') return strings.upload.announceSent(title);
  if (state !== 'sending') return '';
  const percent = Math.floor((100 * sentBytes) / file.size / stepPercent) * stepPercent;
  return strings.upload.announce(title, percent);
}
