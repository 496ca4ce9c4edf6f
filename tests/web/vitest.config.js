import { defineConfig } from 'vitest/config';

// One browser at a time: playback is measured against the clock.
export default defineConfig({
  test: {
    include: ['*.spec.js'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
