import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { deleteMe } from '../api/client';
import { useSession } from '../api/session';
import { strings } from '../strings';
import '../styles/account.css';
import { Dialog } from './dialog';
import {
  Field,
  type FormProblem,
  formProblem,
  GeneralProblem,
  missing,
  noProblem,
  PasswordField,
  useFocusOnProblem,
} from './fields';
import { useToast } from './toasts';

/** The way out: one's own account is deleted, by its owner. */
export function Leave() {
  const { user } = useSession();
  const [asks, setAsks] = useState(false);
  return (
    <section className="account" aria-labelledby="leave">
      <h2 id="leave">{strings.leave.title}</h2>
      <p className="soft">{strings.leave.hint}</p>
      {user?.has_password === false ? (
        <p className="soft">{strings.password.none}</p>
      ) : (
        <button type="button" className="button plain" onClick={() => setAsks(true)}>
          {strings.leave.begin}
        </button>
      )}
      {asks && <LeaveDialog onClose={() => setAsks(false)} />}
    </section>
  );
}

const choices = ['trash', 'heir'] as const;

function LeaveDialog({ onClose }: { onClose: () => void }) {
  const { user, end } = useSession();
  const navigate = useNavigate();
  const toast = useToast();
  const form = useRef<HTMLFormElement>(null);
  const [password, setPassword] = useState('');
  const [choice, setChoice] = useState<(typeof choices)[number]>('trash');
  const [heir, setHeir] = useState('');
  const [problem, setProblem] = useState<FormProblem>(noProblem);
  useFocusOnProblem(form, problem);
  const leave = useMutation({
    mutationFn: async () => {
      await deleteMe(password, choice === 'heir' ? heir.trim() : null);
      await end();
    },
    onSuccess: () => {
      toast({ text: strings.leave.done });
      navigate('/');
    },
    onError: (error) => setProblem(formProblem(error, ['password', 'hand_over_to'])),
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (leave.isPending) return;
    const required = choice === 'heir' ? ['hand_over_to', 'password'] : ['password'];
    const empty = missing({ password, hand_over_to: heir }, required);
    if (empty) return setProblem(empty);
    leave.mutate();
  };
  return (
    <Dialog title={strings.leave.title} description={strings.leave.sure(user?.email ?? '')} onClose={onClose}>
      <form ref={form} className="form" noValidate onSubmit={onSubmit}>
        <GeneralProblem problem={problem} />
        <fieldset className="choice">
          <legend>{strings.leave.videos}</legend>
          <div className="choice-row">
            {choices.map((one) => (
              <label key={one} className="choice-item">
                <input type="radio" name="videos" checked={one === choice} onChange={() => setChoice(one)} />
                {strings.leave.choice[one]}
              </label>
            ))}
          </div>
        </fieldset>
        {choice === 'heir' && (
          <Field
            label={strings.leave.heir}
            name="hand_over_to"
            type="email"
            value={heir}
            error={problem.fields.hand_over_to}
            onChange={(event) => setHeir(event.target.value)}
          />
        )}
        <PasswordField
          label={strings.leave.password}
          name="password"
          autoComplete="current-password"
          value={password}
          error={problem.fields.password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <div className="form-end">
          <button type="button" className="button plain" onClick={onClose}>
            {strings.dialog.cancel}
          </button>
          <button type="submit" className="button" disabled={leave.isPending}>
            {strings.leave.confirm}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
