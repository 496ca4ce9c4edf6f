import { type FormEvent, useRef, useState } from 'react';
import { attributionLengthMax, titleLengthMax } from '../api/client';
import { useChangeVideo, useVisibilities } from '../api/queries';
import type { NamedGroup, Video, VideoChange } from '../api/types';
import { strings } from '../strings';
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
import { GroupChoice } from './group_choice';
import { LicenceChoice } from './licence_choice';
import { useToast } from './toasts';
import { VisibilityChoice } from './visibility_choice';

function emailsOf(video: Video): string[] {
  return (video.shared_with ?? []).map(({ email }) => email);
}

function idsOf(video: Video): string[] {
  return (video.groups ?? []).map(({ id }) => id);
}

/** Those that can be chosen, and those that it is for already. */
function useGroups(video: Video): NamedGroup[] {
  const own = useVisibilities().data?.groups ?? [];
  return [...own, ...(video.groups ?? []).filter(({ id }) => !own.some((one) => one.id === id))];
}

export function EditDialog({ video, onClose }: { video: Video; onClose: () => void }) {
  const toast = useToast();
  const change = useChangeVideo(video.id);
  const form = useRef<HTMLFormElement>(null);
  // What the film was when the dialog was opened: it may change meanwhile, as it is being made.
  const [before] = useState(video);
  const [title, setTitle] = useState(video.title);
  const [description, setDescription] = useState(video.description);
  const [visibility, setVisibility] = useState(video.visibility);
  const [licence, setLicence] = useState(video.licence);
  const [attribution, setAttribution] = useState(video.attribution);
  const [people, setPeople] = useState(() => emailsOf(video).join('\n'));
  const known = useGroups(before);
  const [groups, setGroups] = useState(() => idsOf(video));
  const [problem, setProblem] = useState<FormProblem>(noProblem);
  useFocusOnProblem(form, problem);

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (change.isPending) return;
    const empty = missing({ title }, ['title']);
    if (empty) return setProblem(empty);
    const changed: VideoChange = {};
    if (title.trim() !== before.title) changed.title = title.trim();
    if (description !== before.description) changed.description = description;
    if (visibility !== before.visibility) changed.visibility = visibility;
    if (licence !== before.licence) changed.licence = licence;
    if (attribution.trim() !== before.attribution) changed.attribution = attribution.trim();
    const named = people.split(/[\s,;]+/).filter((email) => email !== '');
    if (visibility === 'shared' && named.join() !== emailsOf(before).join()) changed.shared_with = named;
    if (visibility === 'group') {
      if (groups.length === 0) return setProblem({ fields: {}, general: strings.groups.missing });
      if (groups.join() !== idsOf(before).join()) changed.groups = groups;
    }
    if (Object.keys(changed).length === 0) return onClose();
    change.mutate(changed, {
      onSuccess: () => {
        onClose();
        toast({ text: strings.edit.saved });
      },
      onError: (error) =>
        setProblem(formProblem(error, ['title', 'description', 'attribution', 'shared_with'])),
    });
  };
  return (
    <Dialog title={strings.edit.title} onClose={onClose}>
      <form ref={form} className="form" noValidate onSubmit={onSubmit}>
        <GeneralProblem problem={problem} />
        <Field
          label={strings.edit.videoTitle}
          name="title"
          dir="auto"
          required
          maxLength={titleLengthMax}
          value={title}
          error={problem.fields.title}
          onChange={(event) => setTitle(event.target.value)}
        />
        <TextArea
          label={strings.edit.description}
          optional
          name="description"
          value={description}
          error={problem.fields.description}
          onChange={setDescription}
        />
        <VisibilityChoice label={strings.edit.visibility} value={visibility} onChange={setVisibility} />
        {visibility === 'group' && <GroupChoice groups={known} value={groups} onChange={setGroups} />}
        {visibility === 'shared' && (
          <TextArea
            label={strings.edit.people}
            name="shared_with"
            rows={3}
            value={people}
            error={problem.fields.shared_with}
            onChange={setPeople}
          />
        )}
        <LicenceChoice value={licence} onChange={setLicence} />
        <Field
          label={strings.licence.attribution}
          optional
          name="attribution"
          dir="auto"
          maxLength={attributionLengthMax}
          value={attribution}
          hint={strings.licence.attributionHint}
          error={problem.fields.attribution}
          onChange={(event) => setAttribution(event.target.value)}
        />
        <div className="form-end">
          <button type="button" className="button plain" onClick={onClose}>
            {strings.dialog.cancel}
          </button>
          <button type="submit" className="button" disabled={change.isPending}>
            {change.isPending ? strings.edit.saving : strings.edit.save}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
