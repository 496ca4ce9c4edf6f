import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { reportVideo } from '../api/client';
import { type ReportReason, reportReasons, type Video } from '../api/types';
import { strings } from '../strings';
import { Dialog } from './dialog';
import {
  type FormProblem,
  formProblem,
  GeneralProblem,
  noProblem,
  TextArea,
  useFocusOnProblem,
} from './fields';
import { useToast } from './toasts';

/** For everybody who sees the video. */
export function ReportButton({ video }: { video: Video }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="button plain small" onClick={() => setOpen(true)}>
        {strings.report.open}
      </button>
      {open && <ReportDialog video={video} onClose={() => setOpen(false)} />}
    </>
  );
}

function ReportDialog({ video, onClose }: { video: Video; onClose: () => void }) {
  const toast = useToast();
  const form = useRef<HTMLFormElement>(null);
  const [reason, setReason] = useState<ReportReason | null>(null);
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<FormProblem>(noProblem);
  useFocusOnProblem(form, problem);
  const report = useMutation({
    mutationFn: (chosen: ReportReason) => reportVideo(video.id, chosen, text.trim()),
    onSuccess: () => {
      onClose();
      toast({ text: strings.report.sent });
    },
    onError: (error) => setProblem(formProblem(error, ['text'])),
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (report.isPending) return;
    if (reason === null) return setProblem({ fields: {}, general: strings.report.reasonMissing });
    if (reason === 'other' && text.trim() === '')
      return setProblem({ fields: { text: strings.account.required }, general: null });
    report.mutate(reason);
  };
  return (
    <Dialog title={strings.report.title} description={strings.report.hint} onClose={onClose}>
      <form ref={form} className="form" noValidate onSubmit={onSubmit}>
        <GeneralProblem problem={problem} />
        <fieldset className="choice">
          <legend>{strings.report.reasonLabel}</legend>
          <div className="choice-row">
            {reportReasons.map((one) => (
              <label key={one} className="choice-item">
                <input type="radio" name="reason" checked={one === reason} onChange={() => setReason(one)} />
                {strings.report.reason[one]}
              </label>
            ))}
          </div>
        </fieldset>
        <TextArea
          label={strings.report.text}
          optional={reason !== 'other'}
          name="text"
          value={text}
          hint={strings.report.textHint}
          error={problem.fields.text}
          onChange={setText}
        />
        <div className="form-end">
          <button type="button" className="button plain" onClick={onClose}>
            {strings.dialog.cancel}
          </button>
          <button type="submit" className="button" disabled={report.isPending}>
            {strings.report.send}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
