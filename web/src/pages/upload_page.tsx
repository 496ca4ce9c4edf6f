import { useQueries } from '@tanstack/react-query';
import { type ChangeEvent, useEffect, useRef, useState } from 'react';
import { isUnfinished } from '../api/events';
import { useLiveVideos, videoQuery } from '../api/queries';
import { useSession } from '../api/session';
import { RequireUser } from '../components/require_user';
import { UploadAnnouncer } from '../components/upload_announcer';
import { UploadItem } from '../components/upload_item';
import { UploadIcon } from '../player/icons';
import { strings } from '../strings';
import '../styles/upload.css';
import { useUploadQueue, useUploads } from '../upload/context';
import { mayUpload } from '../user';
import { useTitle } from './use_title';

export function UploadPage() {
  useTitle(strings.upload.title);
  return (
    <RequireUser why={strings.account.neededUpload}>
      <div className="list narrow-list">
        <h1 className="list-title">{strings.upload.title}</h1>
        <ForUploaders />
      </div>
    </RequireUser>
  );
}

function ForUploaders() {
  const { user } = useSession();
  if (!mayUpload(user)) return <p>{strings.upload.viewersMayNot}</p>;
  return (
    <>
      <DropZone />
      <Uploads />
    </>
  );
}

function DropZone() {
  const queue = useUploadQueue();
  const input = useRef<HTMLInputElement>(null);
  const over = useDrop((files) => queue.add(files));

  const onChoose = (event: ChangeEvent<HTMLInputElement>) => {
    queue.add(event.target.files ?? []);
    // The same file may be chosen again.
    event.target.value = '';
  };
  return (
    <div className="drop" data-over={over || undefined}>
      <UploadIcon />
      <p className="drop-text">
        {strings.upload.drop} <span className="soft">{strings.upload.or}</span>
      </p>
      <button type="button" className="button" onClick={() => input.current?.click()}>
        {strings.upload.choose}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept="video/*,audio/*,.mkv,.ts,.m2ts,.mxf,.avi,.flv,.vob"
        aria-label={strings.upload.choose}
        onChange={onChoose}
      />
      <p className="soft">{strings.upload.hint}</p>
    </div>
  );
}

/** Files may be dropped anywhere: beside the marked place the browser would open them, and leave the page. */
function useDrop(onFiles: (files: FileList) => void): boolean {
  const [over, setOver] = useState(false);
  const latest = useRef(onFiles);
  latest.current = onFiles;
  useEffect(() => {
    const onDragOver = (event: DragEvent) => {
      event.preventDefault();
      setOver(event.dataTransfer?.types.includes('Files') ?? false);
    };
    const onDragLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      if (event.dataTransfer) latest.current(event.dataTransfer.files);
    };
    window.addEventListener('dragover', onDragOver);
    window.addEventListener('dragleave', onDragLeave);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragover', onDragOver);
      window.removeEventListener('dragleave', onDragLeave);
      window.removeEventListener('drop', onDrop);
    };
  }, []);
  return over;
}

function Uploads() {
  const queue = useUploadQueue();
  const uploads = useUploads();
  useProcessing(uploads.flatMap(({ videoId }) => videoId ?? []));
  const drafts = uploads.filter(({ state }) => state === 'draft').length;
  if (uploads.length === 0) return null;
  return (
    <>
      <ul className="uploads" role="list" aria-label={strings.upload.list}>
        {uploads.map((upload) => (
          <li key={upload.id}>
            <UploadItem upload={upload} />
          </li>
        ))}
      </ul>
      <UploadAnnouncer uploads={uploads} />
      {drafts > 0 && (
        <div className="upload-start">
          <button type="button" className="button" onClick={() => queue.start()}>
            {strings.upload.start(drafts)}
          </button>
        </div>
      )}
    </>
  );
}

/** One event stream for all that was sent and is being made. */
function useProcessing(ids: readonly string[]): void {
  const unfinished = useQueries({
    queries: ids.map((id) => videoQuery(id)),
    combine: (results) => results.flatMap(({ data }) => (data && isUnfinished(data) ? data.id : [])),
  });
  useLiveVideos(unfinished);
}
