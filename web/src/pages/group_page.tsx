import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ChangeEvent, type FormEvent, useId, useRef, useState } from 'react';
import { Link, useParams } from 'react-router-dom';
import { addMember, listMembers, putMembers, removeMember, setExternalName } from '../api/client';
import type { Group as GroupRow, GroupMember } from '../api/types';
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
import { groupsKey, useGroups } from './groups_page';
import { useTitle } from './use_title';

export function GroupPage() {
  const { id = '' } = useParams();
  return (
    <ForAdmins only={strings.groups.adminsOnly}>
      <Group id={id} />
    </ForAdmins>
  );
}

function Group({ id }: { id: string }) {
  const { data, error, refetch } = useGroups();
  const group = data?.items.find((one) => one.id === id);
  useTitle(group?.name ?? strings.groups.title);
  if (error && !data)
    return <ProblemNotice what={strings.groups.failed} error={error} onRetry={() => void refetch()} />;
  if (!data) return <p role="status">{strings.groups.loading}</p>;
  return (
    <>
      <p>
        <Link to="/groups">{strings.groups.all}</Link>
      </p>
      {group ? (
        <>
          <h1 className="list-title" dir="auto">
            {group.name}
          </h1>
          <Members id={id} />
          <AddOne id={id} />
          <FromList id={id} />
          <FromLogIns key={group.external_name} group={group} />
        </>
      ) : (
        <p>{strings.groups.unknown}</p>
      )}
    </>
  );
}

/** How many there are stands in the list of groups, too. */
function useRefresh() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: groupsKey });
}

function Members({ id }: { id: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: [...groupsKey, id],
    queryFn: ({ signal }) => listMembers(id, signal),
  });
  return (
    <section className="account" aria-labelledby="members">
      <h2 id="members">{strings.groups.members}</h2>
      {error && !data && (
        <ProblemNotice what={strings.groups.membersFailed} error={error} onRetry={() => void refetch()} />
      )}
      {data?.items.length === 0 && <p className="soft">{strings.groups.nobody}</p>}
      <ul className="rows" role="list">
        {data?.items.map((member) => (
          <Member key={member.id} id={id} member={member} />
        ))}
      </ul>
    </section>
  );
}

function Member({ id, member }: { id: string; member: GroupMember }) {
  const toast = useToast();
  const refresh = useRefresh();
  const remove = useMutation({
    mutationFn: () => removeMember(id, member.id),
    onSuccess: refresh,
    onError: (error) => toast({ text: `${strings.groups.removeFailed} ${error.message}`, tone: 'bad' }),
  });
  return (
    <li className="account-row">
      <div className="account-what">
        <strong dir="auto">{member.name}</strong>
        <span className="soft">{member.email}</span>
        <span className="soft">{strings.groups.source[member.source]}</span>
      </div>
      <button
        type="button"
        className="button plain small"
        disabled={remove.isPending}
        aria-label={strings.groups.removeOf(member.email)}
        onClick={() => remove.mutate()}
      >
        {strings.groups.remove}
      </button>
    </li>
  );
}

function AddOne({ id }: { id: string }) {
  const refresh = useRefresh();
  const form = useRef<HTMLFormElement>(null);
  const [email, setEmail] = useState('');
  const [problem, setProblem] = useState<FormProblem>(noProblem);
  useFocusOnProblem(form, problem);
  const add = useMutation({
    mutationFn: () => addMember(id, email.trim()),
    onSuccess: () => {
      setEmail('');
      setProblem(noProblem);
      void refresh();
    },
    onError: (error) => setProblem(formProblem(error, ['email'])),
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (add.isPending) return;
    const empty = missing({ email }, ['email']);
    if (empty) return setProblem(empty);
    add.mutate();
  };
  return (
    <section className="account" aria-labelledby="add-member">
      <h2 id="add-member">{strings.groups.addMember}</h2>
      <form ref={form} className="form" noValidate onSubmit={onSubmit}>
        <GeneralProblem problem={problem} />
        <Field
          label={strings.groups.email}
          name="email"
          type="email"
          value={email}
          error={problem.fields.email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <button type="submit" className="button" disabled={add.isPending}>
          {strings.groups.addOne}
        </button>
      </form>
    </section>
  );
}

function FromList({ id }: { id: string }) {
  const refresh = useRefresh();
  const toast = useToast();
  const input = useId();
  const [problem, setProblem] = useState<FormProblem>(noProblem);
  const put = useMutation({
    mutationFn: async (file: File) => putMembers(id, await file.text()),
    onSuccess: ({ members, added, removed }) => {
      setProblem(noProblem);
      toast({ text: strings.groups.listDone(members, added, removed) });
      void refresh();
    },
    onError: (error) => setProblem(formProblem(error, [])),
  });
  const onChange = ({ target }: ChangeEvent<HTMLInputElement>) => {
    const file = target.files?.[0];
    if (file) put.mutate(file);
    // So that the same file, mended, is chosen again.
    target.value = '';
  };
  return (
    <section className="account" aria-labelledby="from-list">
      <h2 id="from-list">{strings.groups.list}</h2>
      <p className="soft">{strings.groups.listHint}</p>
      <GeneralProblem problem={problem} />
      <p>
        <label htmlFor={input}>{strings.groups.file}</label>{' '}
        <input id={input} type="file" accept=".csv,text/csv" disabled={put.isPending} onChange={onChange} />
      </p>
    </section>
  );
}

function FromLogIns({ group }: { group: GroupRow }) {
  const refresh = useRefresh();
  const toast = useToast();
  const form = useRef<HTMLFormElement>(null);
  const [name, setName] = useState(group.external_name ?? '');
  const [problem, setProblem] = useState<FormProblem>(noProblem);
  useFocusOnProblem(form, problem);
  const save = useMutation({
    mutationFn: () => setExternalName(group.id, name.trim()),
    onSuccess: () => {
      setProblem(noProblem);
      toast({ text: strings.groups.externalSaved });
      void refresh();
    },
    onError: (error) => setProblem(formProblem(error, ['external_name'])),
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!save.isPending) save.mutate();
  };
  return (
    <section className="account" aria-labelledby="from-log-ins">
      <h2 id="from-log-ins">{strings.groups.external}</h2>
      <p className="soft">{strings.groups.externalHint}</p>
      <form ref={form} className="form" noValidate onSubmit={onSubmit}>
        <GeneralProblem problem={problem} />
        <Field
          label={strings.groups.externalName}
          name="external_name"
          dir="auto"
          maxLength={255}
          value={name}
          error={problem.fields.external_name}
          onChange={(event) => setName(event.target.value)}
        />
        <button type="submit" className="button" disabled={save.isPending}>
          {strings.groups.externalSave}
        </button>
      </form>
    </section>
  );
}
