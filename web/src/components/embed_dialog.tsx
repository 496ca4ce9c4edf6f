import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useRef, useState } from 'react';
import { getEmbedCode, listEmbedLinks, makeEmbedLink, revokeEmbedLink } from '../api/client';
import type { EmbedLink, Video } from '../api/types';
import { day } from '../format';
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
  TextArea,
  useFocusOnProblem,
} from './fields';
import { useToast } from './toasts';

const daySeconds = 24 * 3600;

/** For the owner: the HTML by which pages of others show the video. */
export function EmbedDialog({ video, onClose }: { video: Video; onClose: () => void }) {
  const open = video.visibility === 'public' || video.visibility === 'unlisted';
  const hint = open ? strings.embed.openHint : strings.embed.linkHint;
  return (
    <Dialog title={strings.embed.title} description={hint} onClose={onClose}>
      {open ? <OpenCode id={video.id} /> : <Links id={video.id} />}
    </Dialog>
  );
}

function OpenCode({ id }: { id: string }) {
  const code = useQuery({ queryKey: ['embed-code', id], queryFn: ({ signal }) => getEmbedCode(id, signal) });
  if (code.data) return <Code html={code.data.html} />;
  return code.error ? <p role="alert">{`${strings.embed.codeFailed} ${code.error.message}`}</p> : null;
}

function Code({ html }: { html: string }) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const toast = useToast();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(html);
      toast({ text: strings.embed.copied });
    } catch {
      // A page without TLS has no clipboard: what is selected can be copied by a key.
      area.current?.select();
    }
  };
  return (
    <div className="field">
      <label htmlFor={id}>{strings.embed.code}</label>
      <textarea ref={area} id={id} rows={5} readOnly value={html} />
      <div className="form-end">
        <button type="button" className="button" onClick={() => void copy()}>
          {strings.embed.copy}
        </button>
      </div>
    </div>
  );
}

function Links({ id }: { id: string }) {
  const client = useQueryClient();
  const toast = useToast();
  const [told, setTold] = useState<string | null>(null);
  const key = ['embed-links', id] as const;
  const list = useQuery({ queryKey: key, queryFn: ({ signal }) => listEmbedLinks(id, signal) });
  const refresh = () => client.invalidateQueries({ queryKey: key });
  const revoke = useMutation({
    mutationFn: (link: EmbedLink) => revokeEmbedLink(id, link.id),
    onSuccess: refresh,
    onError: (error) => toast({ text: `${strings.embed.revokeFailed} ${error.message}`, tone: 'bad' }),
  });
  const links = list.data?.items ?? [];
  return (
    <>
      {told === null ? (
        <NewLink
          id={id}
          onMade={(html) => {
            setTold(html);
            void refresh();
          }}
        />
      ) : (
        <div role="status">
          <p>{strings.embed.told}</p>
          <Code html={told} />
        </div>
      )}
      {links.length > 0 && (
        <section aria-label={strings.embed.links}>
          <h3>{strings.embed.links}</h3>
          <ul className="rows" role="list">
            {links.map((link) => (
              <li key={link.id} className="account-row">
                <div className="account-what">
                  <strong>{link.origins.join(', ')}</strong>
                  <span className="soft">{strings.embed.until(day(link.expires_at))}</span>
                </div>
                <button
                  type="button"
                  className="button plain small"
                  disabled={revoke.isPending}
                  aria-label={strings.embed.revokeOf(link.origins.join(', '))}
                  onClick={() => revoke.mutate(link)}
                >
                  {strings.embed.revoke}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function NewLink({ id, onMade }: { id: string; onMade: (html: string) => void }) {
  const form = useRef<HTMLFormElement>(null);
  const [origins, setOrigins] = useState('');
  const [days, setDays] = useState('180');
  const [problem, setProblem] = useState<FormProblem>(noProblem);
  useFocusOnProblem(form, problem);
  const make = useMutation({
    mutationFn: () => {
      const named = origins.split(/[\s,;]+/).filter((origin) => origin !== '');
      return makeEmbedLink(id, named.map(originOf), Number(days) * daySeconds);
    },
    onSuccess: ({ html }) => onMade(html),
    onError: (error) => setProblem(formProblem(error, ['origins'])),
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (make.isPending) return;
    const empty = missing({ origins }, ['origins']);
    if (empty) return setProblem(empty);
    if (!/^[1-9]\d{0,3}$/.test(days.trim()))
      return setProblem({ fields: { days: strings.embed.daysInvalid }, general: null });
    make.mutate();
  };
  return (
    <form ref={form} className="form" noValidate onSubmit={onSubmit}>
      <GeneralProblem problem={problem} />
      <TextArea
        label={strings.embed.origins}
        name="origins"
        rows={2}
        value={origins}
        hint={strings.embed.originsHint}
        error={problem.fields.origins}
        onChange={setOrigins}
      />
      <Field
        label={strings.embed.days}
        name="days"
        inputMode="numeric"
        value={days}
        error={problem.fields.days}
        onChange={(event) => setDays(event.target.value)}
      />
      <div className="form-end">
        <button type="submit" className="button" disabled={make.isPending}>
          {strings.embed.make}
        </button>
      </div>
    </form>
  );
}

/** Of an address that was copied from a browser, its origin; what is none goes to the server, which says so. */
function originOf(text: string): string {
  try {
    const { origin } = new URL(text);
    return origin === 'null' ? text : origin;
  } catch {
    return text;
  }
}
