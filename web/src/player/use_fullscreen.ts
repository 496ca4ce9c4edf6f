import { type RefObject, useCallback, useEffect, useState } from 'react';

type PhoneVideo = HTMLVideoElement & { webkitEnterFullscreen?: () => void };

/** Full screen of the whole player; an iPhone can show only the bare video that way. */
export function useFullscreen(frame: HTMLElement | null, video: RefObject<HTMLVideoElement>) {
  const [fullscreen, setFullscreen] = useState(false);
  useEffect(() => {
    const onChange = () =>
      setFullscreen(document.fullscreenElement !== null && document.fullscreenElement === frame);
    document.addEventListener('fullscreenchange', onChange);
    return () => document.removeEventListener('fullscreenchange', onChange);
  }, [frame]);
  const toggle = useCallback(() => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else if (frame && 'requestFullscreen' in frame) frame.requestFullscreen().catch(() => undefined);
    else (video.current as PhoneVideo | null)?.webkitEnterFullscreen?.();
  }, [frame, video]);
  return { fullscreen, toggle };
}
