// A film of hours: a real clip, looped without encoding, with a cue every few seconds that says its own time.
import { execFile, spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { movioUrl, required } from './movio.js';

const run = promisify(execFile);
const folder = fileURLToPath(new URL('../../../build/far-films/', import.meta.url));

export const clip = (name) =>
  join(required('MOVIO_TEST_DATA', 'the folder that holds the test films'), 'media', name);

const cueSeconds = 5;
const clock = (seconds) =>
  [seconds / 3600, (seconds / 60) % 60, seconds % 60]
    .map((part) => String(Math.floor(part)).padStart(2, '0'))
    .join(':');
const cueStart = (seconds) => Math.floor(seconds / cueSeconds) * cueSeconds;
/** What is on screen at that time. */
export const cueText = (seconds) => `cue ${clock(cueStart(seconds))}`;
/** A moment early in the cue of that time. */
export const earlyInCue = (seconds) => cueStart(seconds) + 1;

function subRip(duration) {
  const blocks = [];
  for (let at = 0; at < duration; at += cueSeconds)
    blocks.push(
      `${at / cueSeconds + 1}\n${clock(at)},000 --> ${clock(at + cueSeconds)},000\n${cueText(at)}\n`,
    );
  return blocks.join('\n');
}

/** `texts` is the codec of the subtitles, or null for a container that holds none. Gives the path of the file. */
export async function makeFarFilm({ container, from, texts }, duration) {
  await mkdir(folder, { recursive: true });
  const film = join(folder, `far.${container}`);
  const cues = join(folder, `far-${container}.srt`);
  await writeFile(cues, subRip(duration));
  const pictures = ['-stream_loop', '-1', '-i', clip(from)];
  const maps = ['-map', '0:v:0', '-map', '0:a:0', '-c:v', 'copy', '-c:a', 'copy'];
  const said = ['-map', '1:0', '-c:s', texts, '-metadata:s:s:0', 'language=eng'];
  await run('ffmpeg', [
    ...['-nostdin', '-loglevel', 'error', '-y'],
    ...(texts ? [...pictures, '-i', cues, ...maps, ...said] : [...pictures, ...maps]),
    ...['-t', String(duration), film],
  ]);
  await rm(cues);
  return film;
}

export const removeFarFilms = () => rm(folder, { recursive: true, force: true });

/** Sends a film of any size without holding it. Gives its id and when its last byte was on its way. */
export async function uploadLarge({ token }, path, title) {
  const boundary = `movio-${Date.now()}`;
  const part = (disposition) => `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n`;
  const head =
    `${part('name="title"')}\r\n${title}\r\n` +
    `${part(`name="video"; filename="${basename(path)}"`)}Content-Type: application/octet-stream\r\n\r\n`;
  const tail = `\r\n--${boundary}--\r\n`;
  const length = Buffer.byteLength(head) + (await stat(path)).size + Buffer.byteLength(tail);
  return new Promise((resolve, reject) => {
    let lastByteAt;
    const sent = request(new URL('/api/v1/app/events/video-upload/', movioUrl), {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': `multipart/form-data; boundary=${boundary}`,
        'content-length': length,
      },
    });
    sent.on('error', reject);
    sent.on('finish', () => (lastByteAt = performance.now()));
    sent.on('response', async (answer) => {
      let body = '';
      for await (const piece of answer.setEncoding('utf8')) body += piece;
      if (answer.statusCode === 202) resolve({ id: JSON.parse(body).video_id, lastByteAt });
      else reject(new Error(`the upload answered ${answer.statusCode}: ${body}`));
    });
    sent.write(head);
    const file = createReadStream(path, { highWaterMark: 1 << 20 });
    file.on('error', (error) => sent.destroy(error));
    file.on('end', () => sent.end(tail));
    file.pipe(sent, { end: false });
  });
}

// The tests' own variables are no settings of the program.
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MOVIO_')));
const dataDir = () => required('MOVIO_DATA_DIR', 'the data folder of the server');
async function jobs(...words) {
  const program = required('MOVIO_PROGRAM', 'the path of movio');
  return (await run(program, ['jobs', ...words, '--data-dir', dataDir()], { env })).stdout;
}

/** Whether that segment is stored, asked of the disk: to ask the server for it would have it made. */
export async function isMade(address) {
  const [, key] = /\/media\/[^/]+\/(.+)$/.exec(new URL(address).pathname);
  return stat(join(dataDir(), 'blobs', 'media', key)).then(
    () => true,
    () => false,
  );
}

/** Ends the work on a film and puts it into the trash: what is in the trash alone goes on being made. */
export async function removeFilm({ token }, id) {
  const running = (await jobs('list', '--json', '--state', 'running')).split('\n').filter(Boolean);
  for (const job of running.map((line) => JSON.parse(line)))
    if (job.subject.startsWith(id)) await jobs('cancel', job.id);
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(new URL(`/api/v2/videos/${id}`, movioUrl), { method: 'DELETE', headers });
  if (answer.status !== 204) throw new Error(`the film ${id} was not deleted: ${answer.status}`);
}

/** Small enough to be compared, large enough to be told apart. */
export const thumbnail = { width: 64, height: 36 };
const windowSeconds = 3;
// ffmpeg seeks in a transport stream to any picture; what it cannot decode before a key frame must not be among ours.
const leadSeconds = 15;
const nearSeconds = 0.3;

/** The film's own pictures around a moment, each an array of red, green and blue. */
function picturesAround(film, from, seconds) {
  const { width, height } = thumbnail;
  const bytes = width * height * 3;
  const lead = Math.min(leadSeconds, from);
  return new Promise((resolve, reject) => {
    const ffmpeg = spawn('ffmpeg', [
      ...['-nostdin', '-loglevel', 'error', '-ss', String(from - lead), '-i', film],
      ...['-ss', String(lead), '-t', String(seconds)],
      ...['-map', '0:v:0', '-vf', `scale=${width}:${height}:flags=area`, '-pix_fmt', 'rgb24'],
      ...['-f', 'rawvideo', 'pipe:1'],
    ]);
    const pieces = [];
    ffmpeg.stdout.on('data', (piece) => pieces.push(piece));
    ffmpeg.stderr.resume();
    ffmpeg.on('error', reject);
    ffmpeg.on('close', () => {
      const all = Buffer.concat(pieces);
      const pictures = [];
      for (let at = 0; at + bytes <= all.length; at += bytes) pictures.push(all.subarray(at, at + bytes));
      resolve(pictures);
    });
  });
}

/**
 * How far a picture is from the film's own at that moment, and from the one that it is most like within seconds of
 * it: mean differences of 0 to 255.
 */
export async function distances(film, seconds, pixels) {
  const pictures = await picturesAround(film, seconds - windowSeconds, 2 * windowSeconds);
  const each = pictures.map((picture, index) => ({
    away: Math.abs(windowSeconds - (index * 2 * windowSeconds) / pictures.length),
    difference: picture.reduce((sum, value, at) => sum + Math.abs(value - pixels[at]), 0) / picture.length,
  }));
  const least = (list) => Math.min(...list.map(({ difference }) => difference));
  return { own: least(each.filter(({ away }) => away <= nearSeconds)), best: least(each) };
}
