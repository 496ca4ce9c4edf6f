// What Movio makes, judged by programs that share no code with it nor with libav: mp4box.js, MediaInfo, Shaka Packager.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newAccount, upload } from './support/account.js';
import { only, readBoxes } from './support/boxes.js';
import { until } from './support/browser.js';
import { mediaInfo } from './support/mediainfo.js';
import { get, readyVideo, required, videoId } from './support/movio.js';
import { dumpStreams, packageStream } from './support/packager.js';
import { readPlan, readRenditions } from './support/renditions.js';
import { readSamples } from './support/samples.js';

const passedFilm = required(
  'MOVIO_PASSED_FILM',
  'the path of an MP4 whose picture and sound need no encoding',
);
const aacFrame = 1024;
const segmentSeconds = 4; // what the grid aims at

const films = [
  { film: 'the film under test', id: async () => videoId },
  { film: 'a film that is passed through', id: addPassedFilm, source: passedFilm },
];

async function addPassedFilm() {
  const id = await upload(await newAccount(), passedFilm, `Passed ${Date.now()}`);
  const probe = async () => {
    const answer = await fetch(new URL(`/api/v2/videos/${id}`, process.env.MOVIO_URL));
    const seen = answer.ok ? (await answer.json()).status : answer.status;
    return { ok: seen === 'ready', seen };
  };
  await until('a film that is ready', probe, { timeoutMs: 120_000, everyMs: 250 });
  return id;
}

let scratch;
let inScratch = 0;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'movio-oracles-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

const newFolder = () => mkdtemp(join(scratch, `${++inScratch}-`));

async function fileOf(bytes) {
  const path = join(await newFolder(), 'joined.mp4');
  await writeFile(path, bytes);
  return path;
}

const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);
const sizeOf = ({ width, height }) => ({ width, height });

describe.each(films)('$film', ({ id, source }) => {
  let movie;
  let plan;
  let renditions;
  const of = (kind) => renditions.filter((rendition) => rendition.kind === kind);

  beforeAll(async () => {
    movie = await readyVideo(await id());
    plan = await readPlan(movie);
    renditions = await readRenditions(movie, plan);
  }, 180_000);

  /** Samples, and their ticks, that the plan has for a rendition. */
  const planned = ({ kind, plan: { frames_total: frames, sample_rate: rate } }) => {
    const [numerator, denominator] = plan.grid.frame_rate;
    return kind === 'video'
      ? { samples: plan.grid.frames_total, ticks: denominator, timescale: numerator }
      : { samples: frames, ticks: aacFrame, timescale: rate };
  };

  it('has the renditions that it is here for', () => {
    expect(of('video').some((rendition) => !rendition.plan.passthrough)).toBe(true);
    expect(of('audio').length).toBe(movie.audio.length);
    expect(of('video').length).toBe(movie.rungs.length);
    if (!source) return;
    expect(of('video').at(-1).plan.passthrough, plan.passthrough_obstacle).toBe(true);
    expect(of('audio')[0].plan.passthrough).toBe(true);
  });

  describe('mp4box.js', () => judgeBoxes({ of, planned, all: () => renditions }));
  describe('MediaInfo', () => judgeInfo({ of, planned, all: () => renditions, plan: () => plan }));
  describe('Shaka Packager', () => {
    judgePackaged({ of, planned, all: () => renditions });
    if (source) judgePassed({ of, source });
  });
});

function judgeBoxes({ of, planned, all }) {
  it('reads every init segment, and finds the codec that both manifests say', () => {
    for (const { name, kind, init, plan, mpd, hls } of all()) {
      const boxes = readBoxes(init.buffer.slice(init.byteOffset, init.byteOffset + init.length));
      const moov = only(boxes, 'moov');
      expect(
        moov.boxes.map((box) => box.type),
        name,
      ).toEqual(['mvhd', 'trak', 'mvex']);
      expect(only(moov.boxes, 'mvex/trex').track_id, name).toBe(only(moov.boxes, 'trak/tkhd').track_id);
      const { codec, faults, samples } = readSamples(init, kind);
      expect({ name, faults, samples }).toEqual({ name, faults: [], samples: [] });
      expect({ name, mpd: mpd.codecs, hls: hls.codecs, plan: plan.codecs }).toEqual({
        name,
        mpd: codec,
        hls: codec,
        plan: codec,
      });
    }
  });

  it('finds one fragment in every segment, each where the one before it ends', () => {
    for (const { name, kind, init, segments, mpd } of all()) {
      let next = 0;
      for (const [index, segment] of segments.entries()) {
        const what = `${name}, segment ${index + 1}`;
        const { samples, fragments, faults } = readSamples(Buffer.concat([init, segment]), kind);
        expect({ what, faults, fragments }).toEqual({
          what,
          faults: [],
          fragments: [{ start: next, samples: samples.length }],
        });
        const boxes = readBoxes(
          segment.buffer.slice(segment.byteOffset, segment.byteOffset + segment.length),
        );
        expect(only(boxes, 'moof/traf/trun').sample_count, what).toBe(samples.length);
        expect(samples[0].sync, what).toBe(true);
        const ticks = sum(samples.map((sample) => sample.duration));
        if (kind === 'video') expect(mpd.timeline[index], what).toEqual({ start: next, duration: ticks });
        next += ticks;
      }
    }
  });

  it('counts the samples and the ticks of the whole film', () => {
    for (const rendition of all()) {
      const { name, kind, joined, mpd, init } = rendition;
      const { samples, ticks, timescale } = planned(rendition);
      const read = readSamples(joined, kind);
      expect({ name, count: read.samples.length, timescale: read.timescale }).toEqual({
        name,
        count: samples,
        timescale,
      });
      expect(mpd.timescale, name).toBe(timescale);
      expect(sum(read.samples.map((sample) => sample.duration)), name).toBe(samples * ticks);
      const boxes = readBoxes(init.buffer.slice(init.byteOffset, init.byteOffset + init.length));
      const told = only(boxes, 'moov/mvex/mehd').fragment_duration;
      expect(told, name).toBe(samples * ticks - read.primingTicks);
      expect(read.primingTicks, name).toBe(rendition.plan.media_time ?? 0);
    }
  });

  it('shows every frame of the grid once, and plays every sound in its turn', () => {
    for (const rendition of all()) {
      const { samples, ticks } = planned(rendition);
      const read = readSamples(rendition.joined, rendition.kind);
      const shown = read.samples.map((sample) => sample.pts).sort((one, other) => one - other);
      const first = -read.primingTicks;
      expect(shown, rendition.name).toEqual(
        Array.from({ length: samples }, (_, index) => first + index * ticks),
      );
      if (rendition.kind === 'audio') expect(read.samples.every((sample) => sample.sync)).toBe(true);
    }
  });

  it('finds sync samples in all rungs where segments begin', () => {
    for (const { name, joined, mpd, plan } of of('video')) {
      const { samples } = readSamples(joined, 'video');
      const synced = samples.filter((sample) => sample.sync).map((sample) => sample.pts);
      const starts = mpd.timeline.map(({ start }) => start);
      // A segment that is passed through may hold more of them.
      if (plan.passthrough) expect(synced, name).toEqual(expect.arrayContaining(starts));
      else expect(synced, name).toEqual(starts);
    }
  });
}

// ITU-T H.273 in MediaInfo's words.
const primariesNames = { 1: 'BT.709', 5: 'BT.601 PAL', 6: 'BT.601 NTSC' };
const transferNames = { 1: 'BT.709', 6: 'BT.601' };
const matrixNames = { 1: 'BT.709', 5: 'BT.470 System B/G', 6: 'BT.601' };

/** What a rung's colours must be: the source's; where it says none, those that players guess by the height. */
function coloursOf({ index, video_stream: stream }) {
  const { video } = index.tracks.find((track) => track.stream === stream);
  const guess = video.height > 576 ? 1 : video.height === 576 ? 5 : 6;
  const told = (value, otherwise) => (value === 2 || value === 0 ? otherwise : value);
  return {
    colour_range: video.full_range ? 'Full' : 'Limited',
    colour_primaries: primariesNames[told(video.primaries, guess)],
    transfer_characteristics: transferNames[told(video.transfer, guess === 1 ? 1 : 6)],
    matrix_coefficients: matrixNames[told(video.matrix, guess)],
  };
}

const capitalised = (word) => word[0].toUpperCase() + word.slice(1);
const profileOf = (word) => (/^[a-z]/.test(word) ? capitalised(word) : word);

function judgeInfo({ of, planned, all, plan }) {
  const read = async (rendition) => {
    const { streams, complaints } = await mediaInfo(rendition.joined);
    expect({ name: rendition.name, complaints }).toEqual({ name: rendition.name, complaints: [] });
    expect(
      streams.map((stream) => stream['@type']),
      rendition.name,
    ).toEqual([capitalised(rendition.kind)]);
    return streams[0];
  };

  it('takes a rendition for cut short when it is, so that its silence says something', async () => {
    const { joined } = all()[0];
    const { complaints } = await mediaInfo(joined.subarray(0, joined.length - 100));
    expect(complaints.join()).toContain('IsTruncated');
  });

  it('finds the picture that the plan and the manifests say', async () => {
    for (const rendition of of('video')) {
      const { name, plan: rung, mpd, hls } = rendition;
      const found = await read(rendition);
      const { samples, ticks, timescale } = planned(rendition);
      const text = (value) => String(Number(value) / 10);
      expect({ name, ...found }).toMatchObject({
        name,
        Format: 'AVC',
        Format_Profile: profileOf(rung.profile),
        Format_Level: text(rung.level),
        ...{ Width: rung.width, Height: rung.height, PixelAspectRatio: 1, Rotation: '0.000' },
        ...{ FrameRate_Mode: 'CFR', FrameRate_Num: timescale, FrameRate_Den: ticks, FrameCount: samples },
        ...{ ScanType: 'Progressive', ChromaSubsampling: '4:2:0', BitDepth: 8 },
        ...coloursOf(plan()),
      });
      // Where the container and the stream disagree, MediaInfo has both.
      const disputed = Object.keys(found).filter((field) => /_Original$/.test(field));
      expect(
        disputed.filter((field) => field !== 'FrameRate_Mode_Original'),
        name,
      ).toEqual([]);
      expect(Math.abs(found.Duration - (samples * ticks) / timescale), name).toBeLessThanOrEqual(0.001);
      expect(sizeOf(mpd), name).toEqual(sizeOf(rung));
      expect(sizeOf(hls), name).toEqual(sizeOf(rung));
      expect(mpd.frameRate, name).toBe(`${found.FrameRate_Num}/${found.FrameRate_Den}`);
      expect(hls.frameRate, name).toBe(found.FrameRate);
    }
  });

  it('finds the sound that the plan and the manifests say', async () => {
    for (const rendition of of('audio')) {
      const { name, plan: sound, mpd, hls } = rendition;
      const found = await read(rendition);
      const { samples, ticks, timescale } = planned(rendition);
      expect({ name, ...found }).toMatchObject({
        ...{ name, Format: 'AAC', Format_AdditionalFeatures: 'LC', SamplesPerFrame: aacFrame },
        ...{ Channels: sound.channels, SamplingRate: sound.sample_rate, FrameCount: samples },
      });
      // It counts what is coded, priming included.
      expect(Math.abs(found.Duration - (samples * ticks) / timescale), name).toBeLessThanOrEqual(0.001);
      expect({ channels: mpd.channels, rate: mpd.samplingRate }, name).toEqual({
        channels: found.Channels,
        rate: found.SamplingRate,
      });
      expect(hls.channels, name).toBe(found.Channels);
    }
  });
}

function judgePackaged({ of, planned, all }) {
  const packaged = async ({ joined, kind }) =>
    packageStream(await fileOf(joined), kind, segmentSeconds, await newFolder());

  it('takes every rendition for what the manifests say', async () => {
    for (const rendition of all()) {
      const { name, kind, joined, plan, mpd } = rendition;
      const { samples, ticks, timescale } = planned(rendition);
      const streams = await dumpStreams(await fileOf(joined));
      expect(streams, name).toHaveLength(1);
      expect({ name, ...streams[0] }).toMatchObject({
        ...{ name, type: capitalised(kind), codec_string: mpd.codecs, time_scale: `${timescale}` },
        is_encrypted: 'false',
        ...(kind === 'video'
          ? { codec: 'H264', width: `${mpd.width}`, height: `${mpd.height}`, pixel_aspect_ratio: '1:1' }
          : { codec: 'AAC', num_channels: `${mpd.channels}`, sampling_frequency: `${mpd.samplingRate}` }),
      });
      const heard = samples * ticks - (plan.media_time ?? 0);
      expect(streams[0].duration, name).toMatch(new RegExp(`^${heard} `));
    }
  });

  it('cuts pictures into the very same fragments, and describes them alike', async () => {
    for (const rendition of of('video')) {
      const { name, joined, mpd } = rendition;
      const theirs = await packaged(rendition);
      const [read, ours] = [readSamples(theirs.joined, 'video'), readSamples(joined, 'video')];
      expect(read.samples, name).toEqual(ours.samples);
      expect(read.fragments, name).toEqual(ours.fragments);
      expect({ name, ...theirs.mpd, id: mpd.id }).toEqual({ name, ...mpd });
    }
  });

  it('keeps every sample of sound, with its time', async () => {
    for (const rendition of of('audio')) {
      const { name, joined, mpd } = rendition;
      const theirs = await packaged(rendition);
      const [read, ours] = [readSamples(theirs.joined, 'audio'), readSamples(joined, 'audio')];
      expect(read.samples, name).toEqual(ours.samples);
      const { codecs, samplingRate, channels, timescale } = theirs.mpd;
      expect({ name, codecs, samplingRate, channels, timescale }).toEqual({
        name,
        codecs: mpd.codecs,
        samplingRate: mpd.samplingRate,
        channels: mpd.channels,
        timescale: mpd.timescale,
      });
    }
  });

  // Its segments of sound may begin a frame beside ours, which follow the picture: their sum may not differ. Ours lie
  // at their decode times, as tfdt has them; the packager takes off what the edit list skips.
  it('lets the sound last as long in its MPD as in ours', async () => {
    const wrong = [];
    for (const rendition of of('audio')) {
      const theirs = await packaged(rendition);
      const { primingTicks } = readSamples(rendition.joined, 'audio');
      const [its, ours] = [theirs.mpd, rendition.mpd].map(({ timeline }) =>
        sum(timeline.map(({ duration }) => duration)),
      );
      if (its + primingTicks !== ours)
        wrong.push(`${rendition.name}: ${ours} ticks in our MPD, ${its} in that of Shaka Packager`);
    }
    expect(wrong).toEqual([]);
  });
}

/** What was not encoded, against what Shaka Packager makes of the very source. */
function judgePassed({ of, source }) {
  it('makes the same fragments of the source as are passed through', async () => {
    const { name, joined, mpd } = of('video').at(-1);
    const theirs = await packageStream(source, 'video', segmentSeconds, await newFolder());
    const [read, ours] = [readSamples(theirs.joined, 'video'), readSamples(joined, 'video')];
    expect(read.samples, name).toEqual(ours.samples);
    expect(read.fragments, name).toEqual(ours.fragments);
    expect({ ...theirs.mpd, id: mpd.id }, name).toEqual(mpd);
  });

  it('finds in the source the sound that is passed through', async () => {
    const { name, joined, mpd } = of('audio')[0];
    const theirs = await packageStream(source, 'audio', segmentSeconds, await newFolder());
    const [read, ours] = [readSamples(theirs.joined, 'audio'), readSamples(joined, 'audio')];
    const last = ours.samples.at(-1);
    expect(last.duration, name).toBe(aacFrame);
    // An MP4 may say that its last frame is heard in part; a frame in our segments is a whole one.
    expect(read.samples, name).toEqual([
      ...ours.samples.slice(0, -1),
      { ...last, duration: read.samples.at(-1).duration },
    ]);
    expect(theirs.mpd.codecs, name).toBe(mpd.codecs);
  });

  it('says of the source what our manifests say', async () => {
    const [picture, sound] = await dumpStreams(source);
    const { mpd: video } = of('video').at(-1);
    const { mpd: audio } = of('audio')[0];
    expect(picture).toMatchObject({
      codec_string: video.codecs,
      width: `${video.width}`,
      height: `${video.height}`,
    });
    expect(sound).toMatchObject({ codec_string: audio.codecs, sampling_frequency: `${audio.samplingRate}` });
  });
}
