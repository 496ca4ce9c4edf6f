import type { Video } from '../api/types';
import { licenceOf } from '../licences';
import { strings } from '../strings';

/** Whom whoever shows the video names, and what they may do with it; nothing where neither is said. */
export function LicenceLine({ video }: { video: Video }) {
  const licence = licenceOf(video.licence);
  if (video.attribution === '' && video.licence === '') return null;
  return (
    <p className="about-licence soft">
      {video.attribution !== '' && <span dir="auto">{video.attribution}</span>}
      {licence && (
        <a href={licence.address} rel="license noreferrer" target="_blank">
          {licence.name}
        </a>
      )}
      {video.licence === 'all-rights-reserved' && <span>{strings.licence.reserved}</span>}
    </p>
  );
}
