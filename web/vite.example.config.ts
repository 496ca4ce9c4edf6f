import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin, type Rollup } from 'vite';

// Puts the script and the style sheet of a built page into the page itself, so that the page is one file.
function oneFile(): Plugin {
  return {
    name: 'one-file',
    // After Vite's own last step, which still changes the script.
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const page = Object.values(bundle).find((file) => file.fileName.endsWith('.html'));
        if (page?.type !== 'asset') throw new Error('one-file: the build has no HTML page');
        let html = String(page.source);
        for (const file of Object.values(bundle)) {
          if (file === page) continue;
          const tag = new RegExp(`<(script|link)[^>]*${file.fileName}[^>]*>(</script>)?`);
          if (!tag.test(html)) throw new Error(`one-file: the page does not name ${file.fileName}`);
          html = html.replace(tag, () => inPlace(file));
          delete bundle[file.fileName];
        }
        page.source = html;
      },
    },
  };
}

function inPlace(file: Rollup.OutputAsset | Rollup.OutputChunk): string {
  if (file.type === 'asset') return `<style>${String(file.source)}</style>`;
  return `<script type="module">${file.code.replaceAll('</script', '<\\/script')}</script>`;
}

// The build empties dist and embeds it; the page to be opened from disk is one more copy, in examples/.
function alsoIn(folder: string): Plugin {
  return {
    name: 'also-in',
    writeBundle(_options, bundle) {
      mkdirSync(folder, { recursive: true });
      for (const file of Object.values(bundle)) {
        writeFileSync(resolve(folder, file.fileName), file.type === 'asset' ? file.source : file.code);
      }
    },
  };
}

const source = resolve(__dirname, 'src/example');

export default defineConfig({
  root: source,
  plugins: [react(), oneFile(), alsoIn(resolve(__dirname, 'examples'))],
  publicDir: false,
  build: {
    target: 'es2021',
    outDir: resolve(__dirname, 'dist/examples'),
    emptyOutDir: false,
    cssCodeSplit: false,
    assetsInlineLimit: Number.MAX_SAFE_INTEGER,
    chunkSizeWarningLimit: 1200,
    modulePreload: false,
    rollupOptions: {
      input: resolve(source, 'player.html'),
      output: { inlineDynamicImports: true },
    },
  },
});
