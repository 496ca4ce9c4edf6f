import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { useSession } from '../api/session';
import { isUnsent, type Upload, UploadQueue } from './queue';
import { sendFile } from './send';

const Context = createContext<UploadQueue | null>(null);

export function useUploadQueue(): UploadQueue {
  const queue = useContext(Context);
  if (!queue) throw new Error('useUploadQueue is used outside of UploadProvider');
  return queue;
}

export function useUploads(): readonly Upload[] {
  const queue = useUploadQueue();
  return useSyncExternalStore(queue.subscribe, queue.snapshot);
}

export function UploadProvider({ children }: { children: ReactNode }) {
  const [queue] = useState(
    () =>
      new UploadQueue({
        send: sendFile,
        now: () => performance.now(),
      }),
  );
  useResetForAnother(queue);
  return (
    <Context.Provider value={queue}>
      <WarnBeforeLeaving />
      {children}
    </Context.Provider>
  );
}

/** Files of one user are not sent, or shown, as another's. A session that is lost may come back, and they wait. */
function useResetForAnother(queue: UploadQueue): void {
  const { user } = useSession();
  const [owner, setOwner] = useState<string | null>(null);
  const id = user?.id ?? null;
  useEffect(() => {
    if (id === null || id === owner) return;
    if (owner !== null) queue.reset();
    setOwner(id);
  }, [queue, id, owner]);
}

function WarnBeforeLeaving() {
  const unsent = useUploads().some(isUnsent);
  useEffect(() => {
    if (!unsent) return undefined;
    const warn = (event: BeforeUnloadEvent) => {
      event.preventDefault();
      // What older browsers go by.
      event.returnValue = '';
    };
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [unsent]);
  return null;
}
