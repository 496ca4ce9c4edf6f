// Every WebVTT file of a film by a validator that is not ours: subtitles, their HLS segments, thumbnails.
import { WebVTTParser } from 'webvtt-parser';
import { beforeAll, describe, expect, it } from 'vitest';
import { readHls, readPlaylist } from './support/manifests.js';
import { get, readyVideo } from './support/movio.js';

let movie;

beforeAll(async () => {
  movie = await readyVideo();
});

// What HLS puts behind the signature (RFC 8216 §3.5), which WebVTT itself has no place for.
const timestampMap = /^(WEBVTT)\nX-TIMESTAMP-MAP=MPEGTS:\d+,LOCAL:\d\d:\d\d:\d\d\.\d{3}\n/;

/** { cues, complaints } of a text; `mode` is what the cues hold: subtitles, chapters or metadata. */
function validate(text, mode) {
  const { cues, errors } = new WebVTTParser().parse(text.replace(timestampMap, '$1\n'), mode);
  return { cues, complaints: errors.map(({ line, col, message }) => `${line}:${col ?? ''} ${message}`) };
}

/** The cues of the file, which must be without a fault. */
async function cuesOf(address, mode = 'subtitles') {
  const answer = await get(address);
  expect(answer.headers.get('content-type'), address).toMatch(/^text\/vtt/);
  const { cues, complaints } = validate(await answer.text(), mode);
  expect(complaints, address).toEqual([]);
  return cues;
}

describe('WebVTT, by webvtt-parser', () => {
  it('finds faults where there are some', () => {
    expect(
      validate('WEBVTT\n\n00:01.000 --> 00:00.500\n<b>one\n', 'subtitles').complaints.length,
    ).toBeGreaterThan(1);
  });

  it('finds none in the subtitles of each language', async () => {
    expect(movie.captions.length).toBeGreaterThan(1);
    for (const { url, language } of movie.captions)
      expect((await cuesOf(url)).length, language).toBeGreaterThan(0);
  });

  it('finds none in what HLS plays, and the same cues', async () => {
    const whole = new Map();
    for (const { url, language } of movie.captions) whole.set(language, await cuesOf(url));
    const { subtitles } = await readHls(movie.playback.hls_url);
    expect(subtitles.length).toBe(movie.captions.length);
    for (const { address, language } of subtitles) {
      const heard = new Set();
      for (const { uri } of (await readPlaylist(address)).segments)
        for (const { startTime, text } of await cuesOf(new URL(uri, address).href))
          heard.add(`${startTime} ${text}`);
      expect([...heard]).toEqual(whole.get(language).map(({ startTime, text }) => `${startTime} ${text}`));
    }
  });

  it('finds none in the thumbnails', async () => {
    expect((await cuesOf(movie.playback.storyboard_url, 'metadata')).length).toBeGreaterThan(1);
  });
});
