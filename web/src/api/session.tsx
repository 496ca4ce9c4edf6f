import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { getSession, logOut, onUnauthorized } from './client';
import { ownKeys } from './queries';
import type { Session, User } from './types';

const sessionKey = ['session'] as const;
// Whoever was disabled is out within 5 s; a page that nobody looks at does not ask.
const askAgainMs = 2500;

export interface SessionState {
  user: User | null;
  /** Nobody knows yet who looks. */
  pending: boolean;
  /** It ended without the viewer's doing: to log in again is offered. */
  lost: boolean;
  begin: (user: User) => void;
  /** Gives where one logs out elsewhere, too, where one logged in by the word of others. */
  end: () => Promise<string | null>;
  /** The viewer goes on without it. */
  dismiss: () => void;
}

const Context = createContext<SessionState | null>(null);

export function useSession(): SessionState {
  const state = useContext(Context);
  if (!state) throw new Error('useSession is used outside of SessionProvider');
  return state;
}

export function SessionProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [lost, setLost] = useState(false);
  const session = useQuery({
    queryKey: sessionKey,
    queryFn: ({ signal }) => getSession(signal),
    // A stranger stays one until they log in here; who could not be told yet is asked for again.
    refetchInterval: ({ state }) => (state.data?.user || state.status === 'error' ? askAgainMs : false),
  });
  const user = session.data?.user ?? null;
  const id = user?.id ?? null;

  // Who was here last; `undefined` until that is known for the first time.
  const known = useRef<string | null | undefined>(undefined);
  // To log in again is not offered to who has just logged out.
  const left = useRef(false);
  const pending = session.isPending;
  useEffect(() => {
    if (pending) return;
    const before = known.current;
    known.current = id;
    if (before === undefined || before === id) return;
    // Also by way of another tab.
    if (id !== null) left.current = false;
    if (id === null && !left.current) setLost(true);
    // By now nothing is shown any more that only the one before may ask for.
    forgetOthers(client);
  }, [client, id, pending]);

  useEffect(
    () =>
      onUnauthorized(() => {
        if (!left.current) setLost(true);
        void put(client, null);
      }),
    [client],
  );

  const begin = useCallback(
    (fresh: User) => {
      left.current = false;
      setLost(false);
      void put(client, fresh);
    },
    [client],
  );
  const end = useCallback(async () => {
    const there = client.getQueryData<Session>(sessionKey)?.log_out ?? null;
    await logOut();
    left.current = true;
    setLost(false);
    await put(client, null);
    return there;
  }, [client]);
  const dismiss = useCallback(() => setLost(false), []);

  const state = useMemo(
    () => ({ user, pending, lost: lost && user === null, begin, end, dismiss }),
    [user, pending, lost, begin, end, dismiss],
  );
  return <Context.Provider value={state}>{children}</Context.Provider>;
}

/** An answer that is still on its way is older than what is known now. */
async function put(client: QueryClient, user: User | null): Promise<void> {
  await client.cancelQueries({ queryKey: sessionKey });
  client.setQueryData<Session>(sessionKey, { user });
}

/** What was fetched for one viewer is not shown to the next; what plays goes on playing if that one may see it. */
function forgetOthers(client: QueryClient): void {
  const others = ({ queryKey }: { queryKey: readonly unknown[] }) => queryKey[0] !== sessionKey[0];
  client.removeQueries({ type: 'inactive', predicate: others });
  for (const key of ownKeys) void client.resetQueries({ queryKey: key });
  void client.invalidateQueries({ predicate: others });
}
