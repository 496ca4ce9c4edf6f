// Both manifests as two independent parsers read them, brought to one shape:
// { name, kind, init, segments: [{ address, start, duration }] }, times in seconds.
import { Parser } from 'm3u8-parser';
import { parse } from 'mpd-parser';
import { get } from './movio.js';

export async function readDash(address) {
  const manifest = parse(await (await get(address)).text(), { manifestUri: address });
  const tracks = [
    ...manifest.playlists.map((playlist) => ({ kind: 'video', playlist })),
    ...alternatives(manifest.mediaGroups.AUDIO).map((group) => ({
      kind: 'audio',
      playlist: group.playlists[0],
    })),
  ];
  return {
    duration: manifest.duration,
    subtitles: alternatives(manifest.mediaGroups.SUBTITLES).map((group) => ({ language: group.language })),
    tracks: tracks.map(({ kind, playlist }) => ({
      name: `DASH ${kind} ${playlist.attributes.NAME}`,
      kind,
      init: playlist.segments[0].map.resolvedUri,
      segments: playlist.segments.map((segment) => ({
        address: segment.resolvedUri,
        start: segment.presentationTime,
        duration: segment.duration,
      })),
    })),
  };
}

export async function readHls(address) {
  const main = await readPlaylist(address);
  const tracks = [
    ...main.playlists.map((playlist) => ({ kind: 'video', uri: playlist.uri })),
    ...alternatives(main.mediaGroups.AUDIO).map((group) => ({ kind: 'audio', uri: group.uri })),
  ].filter(({ uri }) => uri !== undefined);
  return {
    subtitles: alternatives(main.mediaGroups.SUBTITLES).map((group) => ({
      language: group.language,
      address: new URL(group.uri, address).href,
    })),
    tracks: await Promise.all(tracks.map(({ kind, uri }) => readRendition(kind, new URL(uri, address).href))),
  };
}

async function readRendition(kind, address) {
  const playlist = await readPlaylist(address);
  let start = 0;
  const segments = playlist.segments.map((segment) => {
    const placed = { address: new URL(segment.uri, address).href, start, duration: segment.duration };
    start += segment.duration;
    return placed;
  });
  const init = new URL(playlist.segments[0].map.uri, address).href;
  return { name: `HLS ${kind} ${address}`, kind, init, segments, playlist };
}

export async function readPlaylist(address) {
  const parser = new Parser();
  parser.push(await (await get(address)).text());
  parser.end();
  return parser.manifest;
}

/** Every alternative of every group. HLS may name one playlist in several groups: it is taken once. */
function alternatives(groups) {
  const all = Object.values(groups ?? {}).flatMap((group) => Object.values(group));
  return [...new Map(all.map((one) => [one.uri || one, one])).values()];
}
