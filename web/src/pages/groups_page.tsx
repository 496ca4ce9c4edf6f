import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { Link } from 'react-router-dom';
import { deleteGroup, listGroups, makeGroup } from '../api/client';
import type { Group } from '../api/types';
import {
  Field,
  type FormProblem,
  formProblem,
  GeneralProblem,
  missing,
  noProblem,
  useFocusOnProblem,
} from '../components/fields';
import { ForAdmins } from '../components/for_admins';
import { ProblemNotice } from '../components/problem_notice';
import { useToast } from '../components/toasts';
import { strings } from '../strings';
import '../styles/account.css';
import { useTitle } from './use_title';

/** Begins the keys of all that is known of groups. */
export const groupsKey = ['groups'] as const;

export function useGroups() {
  return useQuery({ queryKey: groupsKey, queryFn: ({ signal }) => listGroups(signal) });
}

export function GroupsPage() {
  useTitle(strings.groups.title);
  return (
    <ForAdmins only={strings.groups.adminsOnly}>
      <h1 className="list-title">{strings.groups.title}</h1>
      <p className="soft">{strings.groups.hint}</p>
      <Groups />
      <NewGroup />
    </ForAdmins>
  );
}

/** All of them, each with a way to delete it. */
export function Groups() {
  const { data, error, refetch } = useGroups();
  if (error && !data)
    return <ProblemNotice what={strings.groups.failed} error={error} onRetry={() => void refetch()} />;
  if (!data) return <p role="status">{strings.groups.loading}</p>;
  if (data.items.length === 0) return <p>{strings.groups.empty}</p>;
  return (
    <ul className="rows account" role="list" aria-label={strings.groups.title}>
      {data.items.map((group) => (
        <GroupRow key={group.id} group={group} />
      ))}
    </ul>
  );
}

function GroupRow({ group }: { group: Group }) {
  const client = useQueryClient();
  const toast = useToast();
  const remove = useMutation({
    mutationFn: () => deleteGroup(group.id),
    onSuccess: () => client.invalidateQueries({ queryKey: groupsKey }),
    onError: (error) => toast({ text: `${strings.groups.deleteFailed} ${error.message}`, tone: 'bad' }),
  });
  return (
    <li className="account-row">
      <div className="account-what">
        <Link to={`/groups/${group.id}`} dir="auto">
          {group.name}
        </Link>
        <span className="soft">
          {strings.groups.kind[group.kind]} · {strings.groups.count(group.members)}
          {group.external_name !== null && ` · ${strings.groups.externally(group.external_name)}`}
        </span>
      </div>
      <button
        type="button"
        className="button plain small"
        disabled={remove.isPending}
        aria-label={strings.groups.deleteOf(group.name)}
        onClick={() => window.confirm(strings.groups.deleteSure(group.name)) && remove.mutate()}
      >
        {strings.groups.delete}
      </button>
    </li>
  );
}

const kinds = ['group', 'course', 'department'] as const;

export function NewGroup() {
  const client = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const [name, setName] = useState('');
  const [kind, setKind] = useState<Group['kind']>('group');
  const [problem, setProblem] = useState<FormProblem>(noProblem);
  useFocusOnProblem(form, problem);
  const make = useMutation({
    mutationFn: () => makeGroup(name.trim(), kind),
    onSuccess: () => {
      setName('');
      setProblem(noProblem);
      void client.invalidateQueries({ queryKey: groupsKey });
    },
    onError: (error) => setProblem(formProblem(error, ['name'])),
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (make.isPending) return;
    const empty = missing({ name }, ['name']);
    if (empty) return setProblem(empty);
    make.mutate();
  };
  return (
    <section className="account" aria-labelledby="new-group">
      <h2 id="new-group">{strings.groups.add}</h2>
      <form ref={form} className="form" noValidate onSubmit={onSubmit}>
        <GeneralProblem problem={problem} />
        <Field
          label={strings.groups.name}
          name="name"
          dir="auto"
          maxLength={100}
          value={name}
          error={problem.fields.name}
          onChange={(event) => setName(event.target.value)}
        />
        <fieldset className="choice">
          <legend>{strings.groups.kindLabel}</legend>
          <div className="choice-row">
            {kinds.map((one) => (
              <label key={one} className="choice-item">
                <input type="radio" name="kind" checked={one === kind} onChange={() => setKind(one)} />
                {strings.groups.kind[one]}
              </label>
            ))}
          </div>
        </fieldset>
        <button type="submit" className="button" disabled={make.isPending}>
          {strings.groups.make}
        </button>
      </form>
    </section>
  );
}
