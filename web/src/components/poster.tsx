import { useState } from 'react';
import { FilmIcon, WarningIcon } from '../player/icons';

interface PosterProps {
  address: string | null;
  /** Shown in its place while the pointer is on the card: fetched only then. */
  preview?: string | null;
  hovered?: boolean;
  failed?: boolean;
}

export function Poster({ address, preview = null, hovered = false, failed = false }: PosterProps) {
  if (!address) return failed ? <WarningIcon /> : <FilmIcon />;
  return (
    <>
      <img src={address} alt="" loading="lazy" decoding="async" />
      {hovered && preview !== null && <Preview address={preview} />}
    </>
  );
}

/** Over the poster as soon as it is there whole. */
function Preview({ address }: { address: string }) {
  const [loaded, setLoaded] = useState(false);
  return (
    <img
      className="card-preview"
      data-preview=""
      data-loaded={loaded || undefined}
      src={address}
      alt=""
      onLoad={() => setLoaded(true)}
    />
  );
}
