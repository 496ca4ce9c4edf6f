import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { changeQuota, deleteUser } from '../../api/admin';
import type { Quota, QuotaKind } from '../../api/types';
import { Dialog } from '../../components/dialog';
import {
  Field,
  type FormProblem,
  formProblem,
  GeneralProblem,
  missing,
  noProblem,
  useFocusOnProblem,
} from '../../components/fields';
import { useToast } from '../../components/toasts';
import { strings } from '../../strings';
import { quotasKey, usersKey } from './user_keys';

interface UserDialogProps {
  id: string;
  name: string;
  onClose: () => void;
}

const kinds: readonly QuotaKind[] = ['bytes', 'minutes', 'uploads_per_day'];

export function QuotaDialog({ id, name, quota, onClose }: UserDialogProps & { quota: Quota }) {
  const client = useQueryClient();
  const toast = useToast();
  const form = useRef<HTMLFormElement>(null);
  const [wish, setWish] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<FormProblem>(noProblem);
  useFocusOnProblem(form, problem);
  const save = useMutation({
    mutationFn: () => {
      const said = Object.entries(wish).map(([kind, text]) => [kind, text.trim()] as const);
      return changeQuota(id, Object.fromEntries(said.filter(([, text]) => text !== '')));
    },
    onSuccess: () => {
      onClose();
      toast({ text: strings.users.saved });
      void client.invalidateQueries({ queryKey: quotasKey });
    },
    onError: (error) => setProblem(formProblem(error, kinds)),
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!save.isPending) save.mutate();
  };
  return (
    <Dialog title={strings.users.quotaOf(name)} description={strings.users.quotaHint} onClose={onClose}>
      <form ref={form} className="form" noValidate onSubmit={onSubmit}>
        <GeneralProblem problem={problem} />
        {kinds.map((kind) => (
          <Field
            key={kind}
            label={strings.users.quotaKind[kind]}
            name={kind}
            hint={strings.users.quotaNow(
              quota[kind].used,
              quota[kind].limit === null ? strings.users.noLimit : String(quota[kind].limit),
            )}
            value={wish[kind] ?? ''}
            error={problem.fields[kind]}
            onChange={(event) => setWish({ ...wish, [kind]: event.target.value })}
          />
        ))}
        <div className="form-end">
          <button type="button" className="button plain" onClick={onClose}>
            {strings.dialog.cancel}
          </button>
          <button type="submit" className="button" disabled={save.isPending}>
            {strings.users.save}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

const choices = ['trash', 'heir'] as const;

export function DeleteUserDialog({ id, name, onClose }: UserDialogProps) {
  const client = useQueryClient();
  const toast = useToast();
  const form = useRef<HTMLFormElement>(null);
  const [choice, setChoice] = useState<(typeof choices)[number]>('trash');
  const [heir, setHeir] = useState('');
  const [problem, setProblem] = useState<FormProblem>(noProblem);
  useFocusOnProblem(form, problem);
  const remove = useMutation({
    mutationFn: () => deleteUser(id, choice === 'heir' ? heir.trim() : null),
    onSuccess: () => {
      onClose();
      toast({ text: strings.users.deleted(name) });
      void client.invalidateQueries({ queryKey: usersKey });
    },
    onError: (error) => setProblem(formProblem(error, ['hand_over_to'])),
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (remove.isPending) return;
    const empty = missing({ hand_over_to: heir }, choice === 'heir' ? ['hand_over_to'] : []);
    if (empty) return setProblem(empty);
    remove.mutate();
  };
  return (
    <Dialog title={strings.users.deleteOf(name)} description={strings.users.deleteSure} onClose={onClose}>
      <form ref={form} className="form" noValidate onSubmit={onSubmit}>
        <GeneralProblem problem={problem} />
        <fieldset className="choice">
          <legend>{strings.users.videos}</legend>
          <div className="choice-row">
            {choices.map((one) => (
              <label key={one} className="choice-item">
                <input type="radio" name="videos" checked={one === choice} onChange={() => setChoice(one)} />
                {strings.users.choice[one]}
              </label>
            ))}
          </div>
        </fieldset>
        {choice === 'heir' && (
          <Field
            label={strings.users.heir}
            name="hand_over_to"
            type="email"
            value={heir}
            error={problem.fields.hand_over_to}
            onChange={(event) => setHeir(event.target.value)}
          />
        )}
        <div className="form-end">
          <button type="button" className="button plain" onClick={onClose}>
            {strings.dialog.cancel}
          </button>
          <button type="submit" className="button" disabled={remove.isPending}>
            {strings.users.delete}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
