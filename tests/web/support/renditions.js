// A film as whole renditions: what its plan and both manifests say of each, and all its bytes.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringToMpdXml } from 'mpd-parser';
import { readPlaylist } from './manifests.js';
import { get, required } from './movio.js';

const dataDir = required('MOVIO_DATA_DIR', 'the data folder of the server');

const bytesOf = async (address) => Buffer.from(await (await get(address)).arrayBuffer());

/** What the film was made by: it is never public, so it is read where the server keeps it. */
export async function readPlan({ id, playback }) {
  const revision = playback.dash_url.split('/').at(-2);
  return JSON.parse(await readFile(join(dataDir, 'blobs', 'media', id, revision, 'plan.json'), 'utf8'));
}

/** Elements of that name which are children; of the parent those that hold for all its children, too. */
const childrenOf = (element, name) =>
  [...Array.from(element.childNodes), ...Array.from(element.parentNode.childNodes)].filter(
    (node) => node.tagName === name,
  );

/** Every S of a SegmentTimeline in ticks: [{ start, duration }]. */
function timelineOf(template) {
  const segments = [];
  for (const entry of Array.from(template.getElementsByTagName('S'))) {
    const number = (name, otherwise) => Number(entry.getAttribute(name) || otherwise);
    const last = segments.at(-1);
    let start = number('t', last ? last.start + last.duration : 0);
    const duration = number('d');
    for (let index = 0; index <= number('r', 0); index += 1, start += duration)
      segments.push({ start, duration });
  }
  return segments;
}

/** The representations of picture and sound in an MPD, of whichever program: an attribute may be the set's. */
export function readMpd(text) {
  const representations = Array.from(stringToMpdXml(text).getElementsByTagName('Representation'));
  return representations
    .map((element) => {
      const said = (name) => element.getAttribute(name) || element.parentNode.getAttribute(name) || undefined;
      const number = (name) => (said(name) === undefined ? undefined : Number(said(name)));
      const kind = said('contentType');
      if (kind !== 'video' && kind !== 'audio') return undefined;
      const [template] = childrenOf(element, 'SegmentTemplate');
      const [channels] = childrenOf(element, 'AudioChannelConfiguration');
      return {
        id: said('id'),
        kind,
        codecs: said('codecs'),
        width: number('width'),
        height: number('height'),
        // "24" and "24/1" are the same rate.
        frameRate: said('frameRate')?.replace(/^(\d+)$/, '$1/1'),
        samplingRate: number('audioSamplingRate'),
        channels: channels && Number(channels.getAttribute('value')),
        timescale: Number(template.getAttribute('timescale')),
        timeline: timelineOf(template),
      };
    })
    .filter(Boolean);
}

/** What the main playlist says of each media playlist, by its name: { codecs: Set, resolution, frameRate }. */
async function readMain(address) {
  const { playlists } = await readPlaylist(address);
  const text = await (await get(address)).text();
  const said = {};
  const nameOf = (uri) => uri.replace(/\.m3u8$/, '');
  for (const { uri, attributes } of playlists) {
    const [codecs] = attributes.CODECS.split(',').filter((codec) => codec.startsWith('avc1'));
    const { RESOLUTION: resolution, 'FRAME-RATE': frameRate } = attributes;
    said[nameOf(uri)] = { codecs, ...resolution, frameRate: Number(frameRate) };
  }
  const sounds = new Set(
    playlists.flatMap(({ attributes }) =>
      attributes.CODECS.split(',').filter((codec) => !codec.startsWith('avc1')),
    ),
  );
  for (const [line] of text.matchAll(/^#EXT-X-MEDIA:TYPE=AUDIO,.*$/gm)) {
    const [, uri] = line.match(/URI="([^"]+)"/);
    const [, channels] = line.match(/CHANNELS="(\d+)"/);
    said[nameOf(uri)] = { codecs: [...sounds].join(), channels: Number(channels) };
  }
  return said;
}

/** [{ name, kind, plan, mpd, hls, init, segments, joined }]; the bytes are Buffers. */
export async function readRenditions(movie, plan) {
  const mpd = readMpd(await (await get(movie.playback.dash_url)).text());
  const hls = await readMain(movie.playback.hls_url);
  const all = [
    ...plan.video.map((one) => ({ kind: 'video', one })),
    ...plan.audio.map((one) => ({ kind: 'audio', one })),
  ];
  return Promise.all(
    all.map(async ({ kind, one }) => {
      const inMpd = mpd.find(({ id }) => id === one.name);
      if (!inMpd || !hls[one.name]) throw new Error(`${one.name} is planned, and not in both manifests`);
      const at = (file) => new URL(`${one.name}/${file}`, movie.playback.dash_url).href;
      const init = await bytesOf(at('init.mp4'));
      const segments = await Promise.all(inMpd.timeline.map((_, index) => bytesOf(at(`${index + 1}.m4s`))));
      const joined = Buffer.concat([init, ...segments]);
      return { name: one.name, kind, plan: one, mpd: inMpd, hls: hls[one.name], init, segments, joined };
    }),
  );
}
