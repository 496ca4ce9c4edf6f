import { FilmIcon, WarningIcon } from '../player/icons';

export function Poster({ address, failed = false }: { address: string | null; failed?: boolean }) {
  if (address) return <img src={address} alt="" loading="lazy" decoding="async" />;
  return failed ? <WarningIcon /> : <FilmIcon />;
}
