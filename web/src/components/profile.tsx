import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { changeMe } from '../api/client';
import { useSession } from '../api/session';
import type { User } from '../api/types';
import { strings } from '../strings';
import '../styles/account.css';
import { Field, type FormProblem, formProblem, GeneralProblem, noProblem, useFocusOnProblem } from './fields';
import { useToast } from './toasts';

/** What people say of themselves. */
export function Profile() {
  const { user } = useSession();
  return (
    <section className="account" aria-labelledby="profile">
      <h2 id="profile">{strings.profile.title}</h2>
      {user && <ProfileForm key={user.id} user={user} />}
    </section>
  );
}

function ProfileForm({ user }: { user: User }) {
  const { begin } = useSession();
  const toast = useToast();
  const form = useRef<HTMLFormElement>(null);
  const [phone, setPhone] = useState(user.phone_number ?? '');
  const [problem, setProblem] = useState<FormProblem>(noProblem);
  useFocusOnProblem(form, problem);
  const change = useMutation({
    mutationFn: () => changeMe({ phone_number: phone }),
    onSuccess: (changed) => {
      setPhone(changed.phone_number ?? '');
      setProblem(noProblem);
      begin(changed);
      toast({ text: strings.profile.saved });
    },
    onError: (error) => setProblem(formProblem(error, ['phone_number'])),
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!change.isPending) change.mutate();
  };
  return (
    <form ref={form} className="form" noValidate onSubmit={onSubmit}>
      <GeneralProblem problem={problem} />
      <Field
        label={strings.profile.phone}
        optional
        name="phone_number"
        type="tel"
        autoComplete="tel"
        maxLength={40}
        hint={strings.profile.phoneHint}
        value={phone}
        error={problem.fields.phone_number}
        onChange={(event) => setPhone(event.target.value)}
      />
      <button type="submit" className="button" disabled={change.isPending}>
        {strings.profile.save}
      </button>
    </form>
  );
}
