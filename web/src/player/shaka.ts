// Alone in a module, so that the build makes it a file of its own, loaded only where a video plays.
import shaka from 'shaka-player/dist/shaka-player.compiled-es2021.js';

export { shaka };
