// What the tests read of any player, from the video element alone: the players' own words are not trusted here.
const video = document.querySelector('video');
const errors = [];
video.addEventListener('error', () =>
  errors.push(`video element: ${video.error?.code} ${video.error?.message}`),
);

// What moved the clock but its running: who set it, from where to where, and what was buffered then.
const jumps = [];
const clock = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'currentTime');
Object.defineProperty(video, 'currentTime', {
  get: () => clock.get.call(video),
  set(to) {
    const callers = new Error().stack
      .split('\n')
      .slice(2, 6)
      .map((line) => line.trim().slice(0, 80));
    jumps.push({ from: clock.get.call(video), to, buffered: bufferedRanges(), callers });
    clock.set.call(video, to);
  },
});
video.addEventListener('durationchange', () =>
  jumps.push({ from: clock.get.call(video), duration: video.duration, buffered: bufferedRanges() }),
);

function bufferedRanges() {
  return Array.from({ length: video.buffered.length }, (_, i) => [
    video.buffered.start(i),
    video.buffered.end(i),
  ]);
}

window.harness = {
  errors,
  jumps,
  state() {
    const buffered = bufferedRanges();
    const { currentTime, duration, paused, ended, seeking, readyState, videoWidth, videoHeight } = video;
    return { currentTime, duration, paused, ended, seeking, readyState, videoWidth, videoHeight, buffered };
  },
  play: (rate = 1) => {
    video.playbackRate = rate;
    return video.play();
  },
  pause: () => video.pause(),
  seek(seconds) {
    video.currentTime = seconds;
  },
  loadedTexts: () => cuesOnShow('cues').map((cue) => plain(cue.text)),
  shownTexts: () => cuesOnShow('activeCues').map((cue) => plain(cue.text)),
  /** When the cue with this text is first seen, as the film plays; null when it was not seen up to `end`. */
  async firstSight(text, end) {
    const timeout = performance.now() + 15000;
    while (performance.now() < timeout) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (video.seeking) continue;
      const { currentTime } = video;
      const cue = cuesOnShow('activeCues').find((shown) => plain(shown.text) === text);
      if (cue) return { currentTime, start: cue.startTime, end: cue.endTime };
      if (currentTime > end || video.ended) return null;
    }
    return null;
  },
};

// `list` is `cues` or `activeCues`.
function cuesOnShow(list) {
  const shown = [...video.textTracks].filter((track) => track.mode === 'showing');
  return shown.flatMap((track) => [...(track[list] ?? [])]);
}

// The text as a viewer reads it, without the tags of WebVTT.
function plain(text) {
  const parsed = new VTTCue(0, 1, text).getCueAsHTML().textContent;
  return parsed.replace(/\s+/g, ' ').trim();
}
