// The commands of the program, on the data folder of the server under test.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { required } from './movio.js';

const program = required('MOVIO_PROGRAM', 'the path of movio');
const dataDir = required('MOVIO_DATA_DIR', 'the data folder of the running Movio');
// Movio takes MOVIO_… for settings of its own and refuses what it does not know.
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MOVIO_')));
/** What the command writes. */
export const movio = async (...words) =>
  (await promisify(execFile)(program, [...words, '--data-dir', dataDir], { env })).stdout.trim();
