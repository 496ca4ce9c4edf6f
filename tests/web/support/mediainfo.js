// MediaInfo on bytes.
import mediaInfoFactory from 'mediainfo.js';

// It says this of AAC-LC in any file of the brand "cmfc", ffmpeg's and Shaka Packager's as well: it takes the sound for
// USAC, of which there is none.
const mistaken =
  'CMAF does not permit USAC UsacConfig channelConfigurationIndex 0, permitted values are 1 and 2';

/** { streams: their fields, complaints: every text that says the file is cut short or not as it ought to be }. */
export async function mediaInfo(bytes) {
  const program = await mediaInfoFactory({ format: 'object', full: true });
  try {
    const { media } = await program.analyzeData(
      () => bytes.length,
      (size, offset) => bytes.subarray(offset, offset + size),
    );
    const streams = media.track.filter((track) => track['@type'] !== 'General');
    const isPlainAac = streams.every((one) => one.Format === 'AAC' && one.Format_AdditionalFeatures === 'LC');
    const complaints = complaintsIn(media.track).filter(
      (text) => !(isPlainAac && text.endsWith(`: ${mistaken}`)),
    );
    return { streams, complaints };
  } finally {
    program.close();
  }
}

const isComplaint = (name) => name === 'IsTruncated' || name.startsWith('Conformance');

/** "ConformanceErrors/Crosscheck/CMAF/…: what is wrong", a text for each. */
function complaintsIn(value, path = '', inside = false) {
  if (value === null || typeof value !== 'object') return inside ? [`${path}: ${value}`] : [];
  return Object.entries(value).flatMap(([name, inner]) =>
    complaintsIn(inner, path ? `${path}/${name}` : name, inside || isComplaint(name)),
  );
}
