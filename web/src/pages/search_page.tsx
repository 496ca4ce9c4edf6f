import { Link, useSearchParams } from 'react-router-dom';
import { useSearch } from '../api/queries';
import type { FilmHits, SearchHit } from '../api/types';
import { Highlight } from '../components/highlight';
import { MoreButton } from '../components/more_button';
import { Poster } from '../components/poster';
import { ProblemNotice } from '../components/problem_notice';
import { clock, languageName } from '../format';
import { SearchIcon } from '../player/icons';
import { strings } from '../strings';
import '../styles/list.css';
import '../styles/search.css';
import { useTitle } from './use_title';

// What films are translated to; a film's own languages join as they are found.
const languagesOffered = ['en', 'bn', 'hi', 'fr', 'es'];

export function SearchPage() {
  const [query, setQuery] = useSearchParams();
  const text = query.get('q')?.trim() ?? '';
  const language = query.get('language') ?? '';
  useTitle(text === '' ? strings.search.title : strings.search.titleOf(text));
  const list = useSearch(text, language);
  const films = list.data?.pages.flatMap((page) => page.items) ?? [];
  const found = films.flatMap(({ hits }) => hits.map((hit) => hit.language ?? ''));
  const choose = (chosen: string) => {
    const next = new URLSearchParams(query);
    if (chosen === '') next.delete('language');
    else next.set('language', chosen);
    setQuery(next);
  };
  if (text === '') {
    return (
      <div className="notice empty">
        <SearchIcon />
        <h1 className="notice-title">{strings.search.title}</h1>
        <p>{strings.search.hint}</p>
      </div>
    );
  }
  return (
    <div className="list narrow-list">
      <div className="search-head">
        <h1 className="list-title" dir="auto">
          {strings.search.heading(text)}
        </h1>
        <LanguageChoice found={found} value={language} onChange={choose} />
      </div>
      <p className="soft" role="status">
        {list.isPending && strings.search.loading}
        {films.length > 0 && strings.search.found(films.length, list.hasNextPage)}
      </p>
      {list.isError && films.length === 0 && (
        <ProblemNotice what={strings.search.failed} error={list.error} onRetry={() => void list.refetch()} />
      )}
      {list.isSuccess && films.length === 0 && (
        <div className="notice empty">
          <SearchIcon />
          <p className="notice-title" dir="auto">
            {strings.search.none(text)}
          </p>
          <p>{strings.search.noneHint}</p>
        </div>
      )}
      <ul className="rows" role="list">
        {films.map((film) => (
          <li key={film.video.id}>
            <Film film={film} />
          </li>
        ))}
      </ul>
      <MoreButton list={list} />
    </div>
  );
}

interface LanguageChoiceProps {
  found: readonly string[];
  value: string;
  onChange: (language: string) => void;
}

function LanguageChoice({ found, value, onChange }: LanguageChoiceProps) {
  const offered = [...new Set([...languagesOffered, ...found, value])].filter((language) => language !== '');
  return (
    <select
      className="select"
      aria-label={strings.search.language}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">{strings.search.anyLanguage}</option>
      {offered.map((language) => (
        <option key={language} value={language}>
          {languageName(language)}
        </option>
      ))}
    </select>
  );
}

function Film({ film: { video, hits } }: { film: FilmHits }) {
  const title = video.title.trim() === '' ? strings.untitled : video.title;
  return (
    <article className="row found">
      <div className="row-poster">
        <Poster address={video.poster_url} />
        {video.duration_ms > 0 && <span className="card-duration">{clock(video.duration_ms)}</span>}
      </div>
      <div className="row-text">
        <h2 className="row-title" dir="auto">
          <Link to={`/watch/${video.id}`} state={{ autoplay: true }}>
            {title}
          </Link>
        </h2>
        <ul className="hits" role="list">
          {hits.map((hit, index) => (
            <li key={index}>
              <Hit id={video.id} hit={hit} />
            </li>
          ))}
        </ul>
      </div>
    </article>
  );
}

function Hit({ id, hit }: { id: string; hit: SearchHit }) {
  const startMs = hit.field === 'caption' ? hit.start_ms : null;
  const inWords = hit.field === 'title' ? strings.search.fromTitle : strings.search.fromDescription;
  const address = startMs === null ? `/watch/${id}` : `/watch/${id}?t=${Math.floor(startMs / 1000)}`;
  return (
    <Link className="hit" to={address} state={{ autoplay: true }}>
      <span className="hit-place">
        {startMs !== null && <span className="hidden">{strings.search.playAt('')}</span>}
        {startMs === null ? inWords : clock(startMs)}
      </span>
      <span className="hit-text" dir="auto" lang={hit.language ?? undefined}>
        <Highlight html={hit.highlight} />
      </span>
      {hit.language && <span className="hit-language">{languageName(hit.language)}</span>}
    </Link>
  );
}
