import { useEffect, useMemo } from 'react';
import type { Video } from '../api/types';
import { Player } from '../player/player';
import { statusLine, titleOf } from '../status';
import { strings } from '../strings';
import { useFilm } from './film';
import type { EmbedOptions } from './options';

/** The player alone, inside of somebody else's page. */
export function EmbedPage({ first, options }: { first: Video | null; options: EmbedOptions }) {
  const film = useFilm(first);
  const title = film ? titleOf(film) : strings.embed.missingTitle;
  useEffect(() => {
    document.title = title;
  }, [title]);
  const { muted, captions } = options;
  const wishes = useMemo(
    () => ({ ...(muted ? { muted } : {}), ...(captions === undefined ? {} : { text: captions }) }),
    [muted, captions],
  );
  if (film === null) return <Notice title={title} text={strings.embed.missing} />;
  if (film.status === 'failed') return <Notice title={title} text={strings.watch.failedTitle} />;
  if (film.playback === null) return <Notice title={title} text={statusLine(film)?.text ?? ''} />;
  return (
    <main className="embed">
      <Player
        title={title}
        source={film.playback}
        poster={film.playback.poster_url}
        startSeconds={options.startSeconds}
        autoplay={options.autoplay}
        captions={film.captions}
        storyboard={film.playback.storyboard_url}
        chapters={film.chapters}
        wishes={wishes}
        heading={<Heading film={film} />}
      />
    </main>
  );
}

/** Leads to the film's own page where whoever has its address may see it. */
function Heading({ film }: { film: Video }) {
  const open = film.visibility === 'public' || film.visibility === 'unlisted';
  if (!open) return <span dir="auto">{titleOf(film)}</span>;
  return (
    <a href={`/watch/${film.id}`} target="_blank" rel="noopener" dir="auto" title={strings.embed.watchHere}>
      {titleOf(film)}
    </a>
  );
}

function Notice({ title, text }: { title: string; text: string }) {
  return (
    <main className="embed embed-notice">
      <h1 dir="auto">{title}</h1>
      <p role="status">{text}</p>
    </main>
  );
}
