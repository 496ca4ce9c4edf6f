import { useCallback, useEffect, useRef, useState } from 'react';

const idleAfterMs = 3000;

/** True when nobody has moved for a while: the controls then leave the picture alone. */
export function useIdle(mayHide: boolean) {
  const [idle, setIdle] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const wake = useCallback(() => {
    setIdle(false);
    clearTimeout(timer.current);
    if (mayHide) timer.current = setTimeout(() => setIdle(true), idleAfterMs);
  }, [mayHide]);
  useEffect(() => {
    wake();
    return () => clearTimeout(timer.current);
  }, [wake]);
  return { idle, wake };
}
