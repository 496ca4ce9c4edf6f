import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

// Only what is named here is served.
const files = new Map([
  ['/dash.html', here('harness/dash.html')],
  ['/hls.html', here('harness/hls.html')],
  ['/shaka.html', here('harness/shaka.html')],
  ['/common.js', here('harness/common.js')],
  ['/dash.js', here('node_modules/dashjs/dist/modern/umd/dash.all.min.js')],
  ['/hls.js', here('node_modules/hls.js/dist/hls.min.js')],
  ['/shaka.js', here('node_modules/shaka-player/dist/shaka-player.compiled.js')],
]);
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8' };

/** A web server that is not Movio: pages from it reach Movio only as far as its CORS headers let them. */
export async function otherOrigin(extra = {}) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (pathname === '/favicon.ico') return response.writeHead(204).end();
    const page = extra[pathname] ?? (files.has(pathname) ? await readFile(files.get(pathname)) : null);
    if (page === null) return response.writeHead(404).end();
    return response.writeHead(200, { 'content-type': types[extname(pathname)] }).end(page);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
