import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { endProgramToken, listProgramTokens, makeProgramToken } from '../api/client';
import { useSession } from '../api/session';
import type { ProgramToken, Scope } from '../api/types';
import { day } from '../format';
import { strings } from '../strings';
import '../styles/account.css';
import { mayUpload } from '../user';
import { Field, type FormProblem, formProblem, GeneralProblem, noProblem, useFocusOnProblem } from './fields';
import { useToast } from './toasts';

const tokensKey = ['program-tokens'] as const;
const daysShown = 90;

/** By which programs act for the user. */
export function ProgramTokens() {
  const client = useQueryClient();
  const toast = useToast();
  const [told, setTold] = useState<string | null>(null);
  const list = useQuery({ queryKey: tokensKey, queryFn: ({ signal }) => listProgramTokens(signal) });
  const refresh = () => client.invalidateQueries({ queryKey: tokensKey });
  const revoke = useMutation({
    mutationFn: (token: ProgramToken) => endProgramToken(token.id),
    onSuccess: refresh,
    onError: (error) => toast({ text: `${strings.tokens.endFailed} ${error.message}`, tone: 'bad' }),
  });
  const onMade = (token: string) => {
    setTold(token);
    void refresh();
  };
  return (
    <section className="account" aria-labelledby="program-tokens">
      <h2 id="program-tokens">{strings.tokens.title}</h2>
      <p className="soft">{strings.tokens.hint}</p>
      <ul className="rows" role="list">
        {list.data?.items.map((token) => (
          <li key={token.id} className="account-row">
            <div className="account-what">
              <strong dir="auto">{token.name}</strong>
              <span className="soft">
                {token.scopes.map((scope) => strings.tokens.scope[scope]).join(', ')}
                {' · '}
                {token.expires_at === null
                  ? strings.tokens.forEver
                  : strings.tokens.until(day(token.expires_at))}
              </span>
            </div>
            <button
              type="button"
              className="button plain small"
              disabled={revoke.isPending}
              aria-label={strings.tokens.endOf(token.name)}
              onClick={() => revoke.mutate(token)}
            >
              {strings.tokens.end}
            </button>
          </li>
        ))}
      </ul>
      {told !== null && (
        <div className="account-told" role="status">
          <p>{strings.tokens.told}</p>
          <code>{told}</code>
        </div>
      )}
      <NewToken onMade={onMade} />
    </section>
  );
}

function NewToken({ onMade }: { onMade: (token: string) => void }) {
  const { user } = useSession();
  const form = useRef<HTMLFormElement>(null);
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly Scope[]>(['read']);
  const [problem, setProblem] = useState<FormProblem>(noProblem);
  useFocusOnProblem(form, problem);
  const scopes: Scope[] = mayUpload(user) ? ['read', 'upload', 'manage'] : ['read', 'manage'];

  const make = useMutation({
    mutationFn: () =>
      makeProgramToken(
        name.trim(),
        scopes.filter((scope) => chosen.includes(scope)),
        daysShown,
      ),
    onSuccess: ({ token }) => {
      setName('');
      setProblem(noProblem);
      onMade(token);
    },
    onError: (error) => setProblem(formProblem(error, ['name'])),
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (make.isPending) return;
    if (name.trim() === '') return setProblem({ fields: { name: strings.account.required }, general: null });
    make.mutate();
  };
  return (
    <form ref={form} className="form" noValidate onSubmit={onSubmit}>
      <GeneralProblem problem={problem} />
      <Field
        label={strings.tokens.name}
        name="name"
        value={name}
        error={problem.fields.name}
        onChange={(event) => setName(event.target.value)}
      />
      <fieldset className="choice">
        <legend>{strings.tokens.scopes}</legend>
        <div className="choice-row">
          {scopes.map((scope) => (
            <label key={scope} className="choice-item">
              <input
                type="checkbox"
                checked={chosen.includes(scope)}
                onChange={({ target }) =>
                  setChosen(target.checked ? [...chosen, scope] : chosen.filter((other) => other !== scope))
                }
              />
              {strings.tokens.scope[scope]}
            </label>
          ))}
        </div>
      </fieldset>
      <button type="submit" className="button" disabled={make.isPending || chosen.length === 0}>
        {strings.tokens.make(daysShown)}
      </button>
    </form>
  );
}
