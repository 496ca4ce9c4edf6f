// The three players that most sites use, by the harness pages that give them one set of verbs.
export const players = [
  { name: 'dash.js', page: '/dash.html', manifest: 'dash_url' },
  { name: 'hls.js', page: '/hls.html', manifest: 'hls_url' },
  { name: 'Shaka Player with DASH', page: '/shaka.html', manifest: 'dash_url' },
  { name: 'Shaka Player with HLS', page: '/shaka.html', manifest: 'hls_url' },
];

// What is no fault while a film is made: a segment that is not made in time is asked for again.
export const notYet = /^503 .*\/media\/|^console: .* status of 503 /;
// hls.js says so of what it tries again, and of a seek to where nothing is buffered.
export const triedAgain = /^hls\.js: (fragLoadError|fragLoadTimeOut|bufferStalledError|bufferNudgeOnStall)\b/;
