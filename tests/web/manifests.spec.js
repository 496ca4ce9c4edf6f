// What the manifests say against what is in the files, by parsers that are not ours: mpd-parser, m3u8-parser and
// mp4box.js.
import { beforeAll, describe, expect, it } from 'vitest';
import { only, readBoxes, tree } from './support/boxes.js';
import { readDash, readHls, readPlaylist } from './support/manifests.js';
import { get, readyVideo } from './support/movio.js';
import { parseVtt } from './support/vtt.js';

let movie;
let dash;
let hls;
const fetched = new Map();

beforeAll(async () => {
  movie = await readyVideo();
  dash = await readDash(movie.playback.dash_url);
  hls = await readHls(movie.playback.hls_url);
});

/** Each file is fetched once; both manifests name the same ones. */
function boxesOf(address) {
  if (!fetched.has(address)) {
    fetched.set(
      address,
      get(address)
        .then((answer) => answer.arrayBuffer())
        .then(readBoxes),
    );
  }
  return fetched.get(address);
}

const timescaleOf = (init) => only(init, 'moov/trak/mdia/mdhd').timescale;
const startOf = (segment) => only(segment, 'moof/traf/tfdt').baseMediaDecodeTime;

function ticksOf(init, segment) {
  const run = only(segment, 'moof/traf/trun');
  const inHeader = only(segment, 'moof/traf/tfhd').default_sample_duration;
  const usual = inHeader || only(init, 'moov/mvex/trex').default_sample_duration;
  if (run.sample_duration.length === 0) return run.sample_count * usual;
  return run.sample_duration.reduce((sum, ticks) => sum + ticks, 0);
}

/** Ticks at the head of a track that its edit list cuts: the priming of the sound encoder. */
function primingOf(init) {
  const track = only(init, 'moov/trak');
  if (!track.boxes.some((box) => box.type === 'edts')) return 0;
  const { entries } = only(track.boxes, 'edts/elst');
  expect(entries).toHaveLength(1);
  return entries[0].media_time;
}

// DASH places segments by their decode times, in ticks: only floating point stands between. HLS has durations alone and
// counts what is heard, so the priming is no part of them; each is rounded to six decimals.
const manifests = [
  { name: 'DASH', read: () => dash, cut: () => 0, tolerance: () => 1e-6 },
  { name: 'HLS', read: () => hls, cut: primingOf, tolerance: (before) => 1e-6 * (before + 1) },
];

describe.each(manifests)('$name', ({ read, cut, tolerance }) => {
  it('has every rung and every sound track', () => {
    const count = (kind) => read().tracks.filter((track) => track.kind === kind).length;
    expect(count('video')).toBe(movie.rungs.length);
    expect(count('audio')).toBe(movie.audio.length);
  });

  it('places every segment where its tfdt does', async () => {
    const wrong = [];
    for (const track of read().tracks) {
      const init = await boxesOf(track.init);
      for (const [index, segment] of track.segments.entries()) {
        const ticks = Math.max(0, startOf(await boxesOf(segment.address)) - cut(init));
        const seconds = ticks / timescaleOf(init);
        if (Math.abs(seconds - segment.start) <= tolerance(index)) continue;
        wrong.push(`${segment.address}: tfdt ${seconds} s, manifest ${segment.start} s`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('gives every segment the duration of its samples', async () => {
    const wrong = [];
    for (const track of read().tracks) {
      const init = await boxesOf(track.init);
      for (const [index, segment] of track.segments.entries()) {
        const all = ticksOf(init, await boxesOf(segment.address));
        const seconds = (index === 0 ? all - cut(init) : all) / timescaleOf(init);
        if (Math.abs(seconds - segment.duration) <= 2e-6) continue;
        wrong.push(`${segment.address}: samples ${seconds} s, manifest ${segment.duration} s`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('covers the whole film with every track', () => {
    for (const track of read().tracks) {
      const last = track.segments.at(-1);
      const end = last.start + last.duration;
      expect(Math.abs(end - movie.duration_ms / 1000), track.name).toBeLessThanOrEqual(0.1);
    }
  });
});

describe('both manifests', () => {
  it('name the same files', () => {
    const files = (manifest) =>
      manifest.tracks
        .flatMap((track) => [track.init, ...track.segments.map((segment) => segment.address)])
        .sort();
    expect(files(hls)).toEqual(files(dash));
  });

  it('cut all rungs at the same times', () => {
    const cuts = dash.tracks
      .filter(({ kind }) => kind === 'video')
      .map((track) => track.segments.map(({ start }) => start));
    for (const others of cuts) expect(others).toEqual(cuts[0]);
  });

  it('list the languages of the subtitles, and lead to cues', async () => {
    const languages = movie.captions.map((caption) => caption.language).sort();
    expect(dash.subtitles.map((track) => track.language).sort()).toEqual(languages);
    expect(hls.subtitles.map((track) => track.language).sort()).toEqual(languages);
    for (const { address } of hls.subtitles) {
      const playlist = await readPlaylist(address);
      const cues = [];
      for (const segment of playlist.segments) {
        cues.push(...parseVtt(await (await get(new URL(segment.uri, address).href)).text()));
      }
      expect(cues.length).toBeGreaterThan(0);
      const total = playlist.segments.reduce((sum, segment) => sum + segment.duration, 0);
      expect(Math.abs(total - movie.duration_ms / 1000)).toBeLessThanOrEqual(0.1);
    }
  });

  it('say in HLS that the film is complete, and round no segment above the target', () => {
    for (const { playlist, name } of hls.tracks) {
      expect(playlist.endList, name).toBe(true);
      expect(playlist.playlistType, name).toBe('VOD');
      for (const segment of playlist.segments) {
        expect(Math.round(segment.duration), segment.uri).toBeLessThanOrEqual(playlist.targetDuration);
      }
    }
  });
});

describe('the files, by mp4box.js', () => {
  it('have an init segment with one track and no samples', async () => {
    for (const track of dash.tracks) {
      const init = await boxesOf(track.init);
      expect(
        init.map((box) => box.type),
        track.init,
      ).toEqual(['ftyp', 'moov']);
      const handler = only(init, 'moov/trak/mdia/hdlr').handler;
      expect(handler).toBe(track.kind === 'video' ? 'vide' : 'soun');
      const entries = only(init, 'moov/trak/mdia/minf/stbl/stsd').entries;
      expect(entries.map((entry) => entry.type)).toEqual([track.kind === 'video' ? 'avc1' : 'mp4a']);
      for (const table of ['stts', 'stsc']) {
        expect(only(init, `moov/trak/mdia/minf/stbl/${table}`).sample_counts ?? [], table).toEqual([]);
      }
      expect(only(init, 'moov/mvex/trex').track_id).toBe(only(init, 'moov/trak/tkhd').track_id);
    }
  });

  it('have segments of one fragment, whose samples fill the data and whose times join', async () => {
    for (const track of dash.tracks) {
      const init = await boxesOf(track.init);
      let next = null;
      for (const [index, { address }] of track.segments.entries()) {
        const segment = await boxesOf(address);
        expect(tree(segment), address).toMatch(
          /^styp,(sidx,|prft,|emsg,)*moof\(mfhd,traf\(tfhd,tfdt,trun\)\),mdat$/,
        );
        expect(only(segment, 'moof/mfhd').sequence_number, address).toBe(index + 1);
        const header = only(segment, 'moof/traf/tfhd');
        expect(header.flags & 0x20000, `${address}: default-base-is-moof`).not.toBe(0);
        expect(header.flags & 1, `${address}: no base-data-offset`).toBe(0);
        const run = only(segment, 'moof/traf/trun');
        const sizes =
          run.sample_size.length > 0
            ? run.sample_size
            : Array(run.sample_count).fill(header.default_sample_size);
        const data = only(segment, 'mdat');
        expect(
          sizes.reduce((sum, size) => sum + size, 0),
          address,
        ).toBe(data.size - data.hdr_size);
        if (next !== null) expect(startOf(segment), address).toBe(next);
        next = startOf(segment) + ticksOf(init, segment);
        if (track.kind === 'video')
          expect(firstIsSync(init, segment), `${address} begins with a sync sample`).toBe(true);
      }
    }
  });
});

/** sample_is_non_sync_sample of the first sample, from wherever its flags stand (ISO/IEC 14496-12 §8.8.3.1). */
function firstIsSync(init, segment) {
  const run = only(segment, 'moof/traf/trun');
  const header = only(segment, 'moof/traf/tfhd');
  const firstFlags = 0x4;
  const eachFlags = 0x400;
  const headerFlags = 0x20;
  let flags = only(init, 'moov/mvex/trex').default_sample_flags;
  if (header.flags & headerFlags) flags = header.default_sample_flags;
  if (run.flags & eachFlags) flags = run.sample_flags[0];
  else if (run.flags & firstFlags) flags = run.first_sample_flags;
  return (flags & 0x10000) === 0;
}
