import { type FormEvent, useEffect, useRef } from 'react';
import { useLocation, useNavigate } from 'react-router-dom';
import { SearchIcon } from '../player/icons';
import { strings } from '../strings';

export function SearchBox() {
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  const input = useRef<HTMLInputElement>(null);
  const query = new URLSearchParams(pathname === '/search' ? search : '');
  const shown = query.get('q') ?? '';

  // The box says what the page shows, also after going back.
  useEffect(() => {
    if (input.current) input.current.value = shown;
  }, [shown]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.defaultPrevented || isTyping(event.target)) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const text = input.current?.value.trim() ?? '';
    if (text === '') return;
    query.set('q', text);
    navigate(`/search?${query}`);
    input.current?.blur();
  };
  return (
    <form className="search-box" role="search" onSubmit={onSubmit}>
      <input
        ref={input}
        type="search"
        name="q"
        dir="auto"
        enterKeyHint="search"
        autoComplete="off"
        maxLength={200}
        defaultValue={shown}
        aria-label={strings.header.search}
        aria-keyshortcuts="/"
        placeholder={strings.header.search}
      />
      <button type="submit" className="icon-button" aria-label={strings.header.search}>
        <SearchIcon />
      </button>
    </form>
  );
}

function isTyping(target: EventTarget | null): boolean {
  const elsewhere =
    'input:not([type=range], [type=radio]), textarea, select, [contenteditable], [role=dialog]';
  return target instanceof Element && target.closest(elsewhere) !== null;
}
