// Shaka Packager on a file. Its npm package holds the programs; the wrapper in it hides their status and is not used.
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { readMpd } from './renditions.js';

const run = promisify(execFile);
const folder = dirname(createRequire(import.meta.url).resolve('shaka-packager/package.json'));
const program = join(folder, 'bin', `packager-linux-${process.arch}`);

/** Rejects where it ends with another status than 0, or warns of anything. */
async function packager(...words) {
  const { stdout, stderr } = await run(program, words);
  const warnings = stderr.split('\n').filter((line) => /^[WEF]\d{4} /.test(line));
  if (warnings.length > 0) throw new Error(`packager ${words.join(' ')} warned: ${warnings.join('\n')}`);
  if (!/Packaging completed successfully/.test(stdout))
    throw new Error(`packager did not say that it is done`);
  return stdout;
}

/** What it says of each stream of a file: [{ type, codec_string, time_scale, … }], all as text. */
export async function dumpStreams(file) {
  const said = await packager(`in=${file}`, '--dump_stream_info');
  return said
    .split(/^Stream \[\d+\] /m)
    .slice(1)
    .map((text) =>
      Object.fromEntries([...text.matchAll(/^ ?(\w+): (.*)$/gm)].map(([, name, value]) => [name, value])),
    );
}

/** Cuts one stream into segments in an empty folder: { mpd, joined }. */
export async function packageStream(file, kind, seconds, into) {
  const stream = [
    `in=${file}`,
    `stream=${kind}`,
    `init_segment=${join(into, 'init.mp4')}`,
    `segment_template=${join(into, '$Number$.m4s')}`,
  ].join(',');
  const manifest = join(into, 'main.mpd');
  const how = [`--segment_duration=${seconds}`, '--generate_static_live_mpd', `--mpd_output=${manifest}`];
  await packager(stream, ...how);
  const numbers = (await readdir(into)).filter((name) => name.endsWith('.m4s')).map((name) => parseInt(name));
  const files = ['init.mp4', ...numbers.sort((one, other) => one - other).map((number) => `${number}.m4s`)];
  const [mpd] = readMpd(await readFile(manifest, 'utf8'));
  return { mpd, joined: Buffer.concat(await Promise.all(files.map((name) => readFile(join(into, name))))) };
}
