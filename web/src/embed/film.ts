import { useEffect, useState } from 'react';
import { isUnfinished } from '../api/events';
import type { Video } from '../api/types';
import { renewAfterMs } from '../player/renewal';

// The server puts the film into the page, so that the page needs neither cookies nor a second answer. What is new is
// found by asking for the page again: its address alone says who may see the film.

const lookAgainMs = 3000;

/** Null where there is no film that this page may show. */
export function filmIn(page: Document): Video | null {
  try {
    return JSON.parse(page.getElementById('film')?.textContent ?? 'null') as Video | null;
  } catch {
    return null;
  }
}

async function newestFilm(): Promise<Video | null> {
  const answer = await fetch(window.location.pathname, { cache: 'no-store', credentials: 'omit' });
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return filmIn(new DOMParser().parseFromString(await answer.text(), 'text/html'));
}

/** When to ask again; false: never. */
export function nextLookMs(film: Video | null, now: number): number | false {
  if (film === null) return false;
  const renew = renewAfterMs(film.playback?.expires_at, now);
  if (!isUnfinished(film)) return renew;
  return renew === false ? lookAgainMs : Math.min(renew, lookAgainMs);
}

/** The film as it is by now. */
export function useFilm(first: Video | null): Video | null {
  const [seen, setSeen] = useState({ film: first });
  useEffect(() => {
    const wait = nextLookMs(seen.film, Date.now());
    if (wait === false) return undefined;
    const timer = setTimeout(() => {
      newestFilm().then(
        (film) => setSeen({ film }),
        // What is there plays on; a server that is gone for a moment is asked again.
        () => setSeen({ film: seen.film }),
      );
    }, wait);
    return () => clearTimeout(timer);
  }, [seen]);
  return seen.film;
}
