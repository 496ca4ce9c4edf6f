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
import { CloseIcon } from '../player/icons';
import { strings } from '../strings';
import '../styles/toasts.css';

export interface Toast {
  text: string;
  tone?: 'plain' | 'bad';
  action?: { label: string; run: () => void };
  /** Where the focus would be lost otherwise: what was pressed by key is gone with its row. */
  takeFocus?: boolean;
}

interface Shown extends Toast {
  id: number;
}

const shownMs = 10000;
const shownMax = 3;

const Context = createContext<(toast: Toast) => void>(() => undefined);

export function useToast(): (toast: Toast) => void {
  return useContext(Context);
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Shown[]>([]);
  const lastId = useRef(0);
  const show = useCallback((toast: Toast) => {
    const id = ++lastId.current;
    setToasts((all) => [...all, { ...toast, id }].slice(-shownMax));
  }, []);
  const close = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const list = useMemo(
    () => toasts.map((toast) => <ToastItem key={toast.id} toast={toast} onClose={close} />),
    [toasts, close],
  );
  return (
    <Context.Provider value={show}>
      {children}
      <section className="toasts" aria-label={strings.dialog.messages}>
        <ol role="list" aria-live="polite" aria-relevant="additions">
          {list}
        </ol>
      </section>
    </Context.Provider>
  );
}

function ToastItem({ toast, onClose }: { toast: Shown; onClose: (id: number) => void }) {
  const item = useRef<HTMLLIElement>(null);
  const action = useRef<HTMLButtonElement>(null);
  const [held, setHeld] = useState(false);
  const { id, takeFocus } = toast;
  const close = useCallback(() => {
    if (item.current?.contains(document.activeElement)) document.getElementById('main')?.focus();
    onClose(id);
  }, [id, onClose]);

  useEffect(() => {
    if (takeFocus) action.current?.focus();
  }, [takeFocus]);
  // Whoever reads it, or is about to press its button, is not hurried.
  useEffect(() => {
    if (held) return undefined;
    const timer = setTimeout(close, shownMs);
    return () => clearTimeout(timer);
  }, [held, close]);

  return (
    <li
      ref={item}
      className="toast"
      data-tone={toast.tone ?? 'plain'}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <p dir="auto">{toast.text}</p>
      {toast.action && (
        <button
          ref={action}
          type="button"
          className="toast-action"
          onClick={() => {
            toast.action?.run();
            close();
          }}
        >
          {toast.action.label}
        </button>
      )}
      <button type="button" className="icon-button" aria-label={strings.dialog.dismiss} onClick={close}>
        <CloseIcon />
      </button>
    </li>
  );
}
