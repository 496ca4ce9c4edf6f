import { type FormEvent, useState } from 'react';
import { startSeconds } from '../format';
import { Player } from '../player/player';
import { strings } from '../strings';
import { manifestAddress } from './manifest_address';

/** Plays the manifest named in `?src=`, or the one that is typed in. It knows nothing of Movio's API. */
export function ExamplePage() {
  const query = new URLSearchParams(window.location.search);
  const given = manifestAddress(query.get('src') ?? '', window.location.href);
  const [address, setAddress] = useState(given);
  const [typed, setTyped] = useState(given ?? query.get('src') ?? '');
  const [invalid, setInvalid] = useState(false);

  const open = (event: FormEvent) => {
    event.preventDefault();
    const next = manifestAddress(typed, window.location.href);
    setInvalid(next === null);
    if (next === null) return;
    setAddress(next);
    rememberInAddress(next);
  };

  return (
    <main className="watch example">
      <h1 className="about-title">{strings.example.title}</h1>
      <p className="about-facts">{strings.example.intro}</p>
      <form className="example-form" onSubmit={open}>
        <label htmlFor="src">{strings.example.label}</label>
        <input
          id="src"
          type="url"
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          placeholder="https://"
          value={typed}
          aria-invalid={invalid}
          aria-describedby="hint"
          onChange={(event) => setTyped(event.target.value)}
        />
        <button type="submit" className="button">
          {strings.example.open}
        </button>
        <p id="hint" className="about-facts">
          {invalid ? strings.example.invalid : strings.example.hint}
        </p>
      </form>
      <div className="stage">
        {address === null ? (
          <div className="instead" />
        ) : (
          <Player
            key={address}
            title={address}
            source={{ dash_url: address, hls_url: address }}
            poster={null}
            startSeconds={startSeconds(query.get('t')) ?? 0}
            autoplay={false}
          />
        )}
      </div>
    </main>
  );
}

/** So that the page can be reloaded and its address passed on. A page opened from disk may not change its address. */
function rememberInAddress(address: string): void {
  try {
    const here = new URL(window.location.href);
    here.searchParams.set('src', address);
    here.searchParams.delete('t');
    window.history.replaceState(null, '', here);
  } catch {
    // Opened from disk: the address stays as it is.
  }
}
