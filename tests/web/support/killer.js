// Kills media processes of the server under test, as the kernel does when memory is short.
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { required } from './movio.js';

const run = promisify(execFile);
const program = required('MOVIO_PROGRAM', 'the path of movio');
const dataDir = required('MOVIO_DATA_DIR', 'the data folder of the server');

/** The living media processes of that server. */
async function mediaProcesses(server) {
  const found = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8');
      if (state !== 'Z' && Number(parent) === server && command.startsWith('movio-media'))
        found.push(Number(pid));
    } catch {
      // It ended meanwhile.
    }
  }
  return found;
}

// The tests' own variables are no settings of the program.
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MOVIO_')));

/** A task has lost nearly all of its attempts without getting anything done: one more and its film fails, rightly. */
async function isAnyTaskNearItsEnd() {
  const jobs = async (...words) =>
    (await run(program, ['jobs', ...words, '--data-dir', dataDir], { env })).stdout;
  for (const line of (await jobs('list', '--json', '--state', 'running')).split('\n').filter(Boolean)) {
    const tasks = await jobs('show', JSON.parse(line).id);
    for (const [, attempt, most] of tasks.matchAll(/^ +(?:ready|leased) .* attempt (\d+) of (\d+)$/gm))
      if (Number(most) - Number(attempt) < 2) return true;
  }
  return false;
}

/** One of them every so often (milliseconds, at random between the two) until `stop` is called. */
export function killAtRandom(server, [least, most]) {
  const killer = { killed: 0, stop: undefined };
  let stopped = false;
  const pause = () => new Promise((resolve) => setTimeout(resolve, least + Math.random() * (most - least)));
  const work = (async () => {
    while (!stopped) {
      await pause();
      if (stopped || (await isAnyTaskNearItsEnd())) continue;
      const living = await mediaProcesses(server);
      if (living.length === 0) continue;
      try {
        process.kill(living[Math.floor(Math.random() * living.length)], 'SIGKILL');
        killer.killed += 1;
      } catch {
        // It ended meanwhile.
      }
    }
  })();
  work.catch(() => {}); // it is told by stop()
  killer.stop = async () => {
    stopped = true;
    await work;
  };
  return killer;
}
