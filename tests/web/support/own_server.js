// A server of a test's own, with a private film on it, and nginx before it by the rules that it writes.
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { until } from './browser.js';
import { required } from './movio.js';

const run = promisify(execFile);
const program = required('MOVIO_PROGRAM', 'the path of movio');
// Movio takes MOVIO_… for settings of its own and refuses what it does not know.
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MOVIO_')));
const person = { email: 'owner@example.org', password: 'a long enough password' };

const ended = (child) => new Promise((resolve) => child.once('exit', resolve));

export async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Starts `movio serve` with these settings on an empty data folder. */
export async function bareServer(...settings) {
  const folder = await mkdtemp(join(tmpdir(), 'movio-own-'));
  await chmod(folder, 0o755);
  const data = join(folder, 'data');
  const listen = settings.includes('--listen') ? [] : ['--listen', '127.0.0.1:0'];
  const child = spawn(
    program,
    ['serve', '--data-dir', data, ...listen, '--log-level', 'error', ...settings],
    { env, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const origin = await new Promise((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (text) => {
      said += text;
      const found = /serves on (https?:\/\/[^\s]+)/.exec(said);
      if (found) resolve(found[1].replace(/\/$/, ''));
    });
    child.once('exit', (code) => reject(new Error(`movio serve ended with ${code}`)));
  });
  return {
    origin,
    folder,
    movio: (...words) => run(program, ['--data-dir', data, ...words], { env }),
    async close() {
      const gone = ended(child);
      child.kill('SIGTERM');
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The same with a film, which becomes a private one of `person`. */
export async function ownServer(film, ...settings) {
  const bare = await bareServer(...settings);
  const { origin, folder, movio } = bare;
  const password = join(folder, 'password');
  await writeFile(password, person.password);
  const names = ['--first-name', 'Ada', '--last-name', 'Byron'];
  await movio('user', 'add', person.email, ...names, '--password-file', password);
  const { stdout } = await movio('ingest', '--as', person.email, film);
  const id = stdout.trim().split(/\s+/)[0];
  const ask = async (path, method = 'GET', body = undefined, token = null) => {
    const headers = { 'content-type': 'application/json' };
    if (token) headers.authorization = `Bearer ${token}`;
    const answer = await fetch(origin + path, { method, headers, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  const credentials = { credential: person.email, password: person.password };
  const token = (await ask('/api/v1/auth/login/', 'POST', credentials)).user.access;
  await ask(`/api/v2/videos/${id}`, 'PATCH', { visibility: 'private' }, token);
  const others = [];
  return {
    origin,
    id,
    person,
    video: () => ask(`/api/v2/videos/${id}`, 'GET', undefined, token),
    /** nginx before it; gives its origin. */
    async nginx() {
      const place = join(folder, 'nginx');
      await mkdir(place);
      const port = await freePort();
      await writeFile(join(place, 'movio.conf'), (await movio('keys', 'nginx')).stdout);
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (kind) => `${kind}_temp_path ${place};`,
      );
      await writeFile(
        join(place, 'nginx.conf'),
        `daemon off; pid ${place}/nginx.pid; ${process.getuid() === 0 ? 'user root;' : ''} events {}
         http { access_log off; ${temporary.join(' ')} server { listen 127.0.0.1:${port};
         include ${place}/movio.conf; location / { proxy_pass ${origin}; proxy_buffering off; } } }`,
      );
      const peers = join(dirname(dirname(program)), 'peers/usr/sbin/nginx');
      const nginx = ['/usr/sbin/nginx', peers].find((path) => existsSync(path));
      if (!nginx) throw new Error('no nginx: run tools/setup test');
      const front = spawn(
        nginx,
        ['-p', place, '-e', join(place, 'error.log'), '-c', join(place, 'nginx.conf')],
        {
          stdio: 'inherit',
        },
      );
      others.push(front);
      const at = `http://127.0.0.1:${port}`;
      await until('nginx', async () => {
        const seen = await fetch(`${at}/healthz`).then((answer) => answer.status, String);
        return { ok: seen === 200, seen };
      });
      return at;
    },
    async close() {
      for (const one of others) {
        const gone = ended(one);
        one.kill('SIGTERM');
        await gone;
      }
      await bare.close();
    },
  };
}
