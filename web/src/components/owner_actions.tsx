import { useState } from 'react';
import { ApiProblem } from '../api/client';
import { useDeleteVideo, useRestoreVideo } from '../api/queries';
import type { Video } from '../api/types';
import { EditIcon, EmbedIcon, TrashIcon } from '../player/icons';
import { titleOf } from '../status';
import { strings } from '../strings';
import { EditDialog } from './edit_dialog';
import { EmbedDialog } from './embed_dialog';
import { useToast } from './toasts';

/** Edit, embed and delete, for the owner. What is deleted can be taken back at once. */
export function OwnerActions({ video, onDeleted }: { video: Video; onDeleted?: () => void }) {
  const [editing, setEditing] = useState(false);
  const [embedding, setEmbedding] = useState(false);
  const remove = useDeleteWithUndo();
  const title = titleOf(video);
  return (
    <div className="owner-actions">
      <button
        type="button"
        className="button plain small"
        aria-label={strings.mine.editOf(title)}
        onClick={() => setEditing(true)}
      >
        <EditIcon />
        {strings.mine.edit}
      </button>
      <button
        type="button"
        className="button plain small"
        aria-label={strings.embed.of(title)}
        onClick={() => setEmbedding(true)}
      >
        <EmbedIcon />
        {strings.embed.title}
      </button>
      <button
        type="button"
        className="button plain small"
        aria-label={strings.mine.deleteOf(title)}
        onClick={(event) => {
          const byKey = event.detail === 0;
          onDeleted?.();
          void remove(video, byKey);
        }}
      >
        <TrashIcon />
        {strings.mine.delete}
      </button>
      {editing && <EditDialog video={video} onClose={() => setEditing(false)} />}
      {embedding && <EmbedDialog video={video} onClose={() => setEmbedding(false)} />}
    </div>
  );
}

function useDeleteWithUndo(): (video: Video, takeFocus: boolean) => Promise<void> {
  const toast = useToast();
  const { mutateAsync: remove } = useDeleteVideo();
  const restore = useRestoreWithWord();
  return async (video, takeFocus) => {
    const title = titleOf(video);
    try {
      await remove(video.id);
      const action = { label: strings.mine.undo, run: () => void restore(video) };
      toast({ text: strings.mine.deleted(title), action, takeFocus });
    } catch (error) {
      toast({ text: strings.mine.deleteFailed(title, reason(error)), tone: 'bad' });
    }
  };
}

export function useRestoreWithWord(): (video: Video) => Promise<void> {
  const toast = useToast();
  const { mutateAsync: restore } = useRestoreVideo();
  return async (video) => {
    const title = titleOf(video);
    try {
      await restore(video.id);
      toast({ text: strings.mine.restored(title) });
    } catch (error) {
      toast({ text: strings.mine.restoreFailed(title, reason(error)), tone: 'bad' });
    }
  };
}

function reason(error: unknown): string {
  return error instanceof ApiProblem ? error.message : String(error);
}
