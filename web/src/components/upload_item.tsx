import { useId } from 'react';
import { Link } from 'react-router-dom';
import { titleLengthMax } from '../api/client';
import { useVideo, useVisibilities } from '../api/queries';
import { byteCount, timeLeft, wholePercent } from '../format';
import { CloseIcon } from '../player/icons';
import { statusLine } from '../status';
import { strings } from '../strings';
import { useUploadQueue } from '../upload/context';
import type { Upload } from '../upload/queue';
import { Field, TextArea } from './fields';
import { GroupChoice } from './group_choice';
import { Progress } from './progress';
import { VisibilityChoice } from './visibility_choice';

export function UploadItem({ upload }: { upload: Upload }) {
  const queue = useUploadQueue();
  const { id, file, state } = upload;
  const editable = state === 'draft' || state === 'queued' || state === 'failed';
  const title = upload.title.trim() === '' ? file.name : upload.title;
  const sending = state === 'sending';
  return (
    <article className="upload" data-state={state} aria-label={title}>
      <div className="upload-head">
        <div className="upload-name">
          <h2 className="row-title" dir="auto">
            {editable ? file.name : title}
          </h2>
          <p className="soft">
            {byteCount(file.size)}
            {!editable && upload.visibility && ` · ${strings.visibility[upload.visibility]}`}
          </p>
        </div>
        {sending ? (
          <button
            type="button"
            className="button plain small"
            aria-label={strings.upload.cancelOf(title)}
            onClick={() => queue.remove(id)}
          >
            {strings.upload.cancel}
          </button>
        ) : (
          <button
            type="button"
            className="icon-button"
            aria-label={strings.upload.removeOf(title)}
            title={strings.upload.remove}
            onClick={() => queue.remove(id)}
          >
            <CloseIcon />
          </button>
        )}
      </div>
      {editable && file.size > 0 && <Words upload={upload} />}
      {state === 'queued' && <p className="soft">{strings.upload.waiting}</p>}
      {sending && <Sending upload={upload} />}
      {state === 'failed' && <Failed upload={upload} />}
      {upload.videoId !== null && <Sent videoId={upload.videoId} />}
    </article>
  );
}

/** With whom a film is shared by name is said once it is there. */
const toBeNamed = ['shared'] as const;

function Words({ upload }: { upload: Upload }) {
  const queue = useUploadQueue();
  const known = useVisibilities().data?.groups ?? [];
  const { id, title, description, visibility, groups, problem } = upload;
  return (
    <div className="form">
      <Field
        label={strings.upload.videoTitle}
        name="title"
        dir="auto"
        required
        maxLength={titleLengthMax}
        value={title}
        error={problem?.field === 'title' ? problem.message : undefined}
        onChange={(event) => queue.change(id, { title: event.target.value })}
      />
      <TextArea
        label={strings.upload.description}
        optional
        rows={2}
        name="description"
        value={description}
        onChange={(text) => queue.change(id, { description: text })}
      />
      <VisibilityChoice
        label={strings.upload.visibility}
        value={visibility}
        without={toBeNamed}
        onChange={(value) => queue.change(id, { visibility: value })}
      />
      {visibility === 'group' && (
        <GroupChoice
          groups={known}
          value={groups}
          onChange={(value) => queue.change(id, { groups: value })}
        />
      )}
    </div>
  );
}

function Sending({ upload }: { upload: Upload }) {
  const { file, sentBytes, pace, title } = upload;
  const label = useId();
  const stored = sentBytes >= file.size;
  const parts = stored
    ? [strings.upload.storing]
    : [
        strings.status.percent(wholePercent((100 * sentBytes) / file.size)),
        strings.upload.amount(byteCount(sentBytes), byteCount(file.size)),
        pace ? strings.upload.speed(byteCount(pace.bytesPerSecond)) : '',
        pace ? timeLeft(pace.secondsLeft) : '',
      ];
  return (
    <div className="progress">
      <span className="hidden" id={label}>
        {strings.upload.progressOf(title)}
      </span>
      <progress max={file.size} value={stored ? undefined : sentBytes} aria-labelledby={label} />
      <p className="progress-text">{parts.filter((part) => part !== '').join(' · ')}</p>
    </div>
  );
}

function Failed({ upload }: { upload: Upload }) {
  const queue = useUploadQueue();
  const { problem, file, id } = upload;
  if (!problem) return null;
  return (
    <div className="upload-problem">
      <p role="alert">
        <strong>{problem.message}</strong> {problem.advice}
      </p>
      {file.size > 0 && (
        <button type="button" className="button small" onClick={() => queue.retry(id)}>
          {strings.upload.retry}
        </button>
      )}
    </div>
  );
}

/** What the server makes of it, live, until it is ready. */
function Sent({ videoId }: { videoId: string }) {
  const { data: video } = useVideo(videoId);
  const line = video ? statusLine(video) : null;
  const plays = video?.playback && video.status !== 'failed';
  return (
    <div className="upload-sent">
      {line ? (
        <Progress line={line} />
      ) : (
        <p className="soft">{video ? strings.status.ready : strings.upload.sent}</p>
      )}
      {video?.status === 'failed' && <p>{video.failure?.message ?? strings.watch.failedUnknown}</p>}
      {plays && (
        <Link className="button small" to={`/watch/${videoId}`} state={{ autoplay: true }}>
          {strings.upload.watch}
        </Link>
      )}
    </div>
  );
}
