import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { decideOnVideo } from '../api/client';
import type { DecisionKind } from '../api/types';
import { strings } from '../strings';
import { Dialog } from './dialog';
import {
  type FormProblem,
  formProblem,
  GeneralProblem,
  missing,
  noProblem,
  TextArea,
  useFocusOnProblem,
} from './fields';
import { useToast } from './toasts';

interface ModeratorActionsProps {
  id: string;
  title: string;
  /** Those that make sense now. */
  offered: readonly DecisionKind[];
}

/** Buttons by which a moderator decides on a video; each asks for the reason that its owner reads. */
export function ModeratorActions({ id, title, offered }: ModeratorActionsProps) {
  const [chosen, setChosen] = useState<DecisionKind | null>(null);
  return (
    <div className="owner-actions">
      {offered.map((decision) => (
        <button
          key={decision}
          type="button"
          className="button plain small"
          aria-label={strings.moderation.of(strings.moderation.decision[decision], title)}
          onClick={() => setChosen(decision)}
        >
          {strings.moderation.decision[decision]}
        </button>
      ))}
      {chosen && <DecisionDialog id={id} title={title} decision={chosen} onClose={() => setChosen(null)} />}
    </div>
  );
}

interface DecisionDialogProps {
  id: string;
  title: string;
  decision: DecisionKind;
  onClose: () => void;
}

function DecisionDialog({ id, title, decision, onClose }: DecisionDialogProps) {
  const client = useQueryClient();
  const toast = useToast();
  const form = useRef<HTMLFormElement>(null);
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<FormProblem>(noProblem);
  useFocusOnProblem(form, problem);
  const decide = useMutation({
    mutationFn: () => decideOnVideo(id, decision, reason.trim()),
    onSuccess: () => {
      onClose();
      toast({ text: strings.moderation.done });
      // Lists, search, the video and its addresses may all be others now.
      void client.invalidateQueries();
    },
    onError: (error) => setProblem(formProblem(error, ['reason'])),
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (decide.isPending) return;
    const empty = missing({ reason }, ['reason']);
    if (empty) return setProblem(empty);
    decide.mutate();
  };
  return (
    <Dialog
      title={strings.moderation.of(strings.moderation.decision[decision], title)}
      description={strings.moderation.what[decision]}
      onClose={onClose}
    >
      <form ref={form} className="form" noValidate onSubmit={onSubmit}>
        <GeneralProblem problem={problem} />
        <TextArea
          label={strings.moderation.reason}
          name="reason"
          rows={3}
          value={reason}
          hint={strings.moderation.reasonHint}
          error={problem.fields.reason}
          onChange={setReason}
        />
        <div className="form-end">
          <button type="button" className="button plain" onClick={onClose}>
            {strings.dialog.cancel}
          </button>
          <button type="submit" className="button" disabled={decide.isPending}>
            {strings.moderation.decision[decision]}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
