import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// `npm run dev` serves the page with hot reload and asks a running Movio for everything else.
const server = process.env.MOVIO_URL ?? 'http://127.0.0.1:8000';

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2021',
    outDir: 'dist',
    // Every asset is a file of its own: a content security policy then needs no `data:` for scripts.
    assetsInlineLimit: 0,
    // Shaka is one file of about 700 kB; it is loaded only where a video plays.
    // The documentation of the API is a page of its own, with a script of 1.7 MB that nothing else loads.
    chunkSizeWarningLimit: 1800,
    rollupOptions: {
      input: {
        app: resolve(__dirname, 'index.html'),
        doc: resolve(__dirname, 'doc/index.html'),
        embed: resolve(__dirname, 'embed/index.html'),
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/media', '/doc/openapi.json', '/doc/postman.json'].map((path) => [path, server]),
    ),
  },
  test: {
    environment: 'jsdom',
    include: ['test/**/*.test.{ts,tsx}'],
    setupFiles: ['test/setup.ts'],
  },
});
