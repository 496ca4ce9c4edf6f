// What the tests read of any player, from the video element alone: the players' own words are not trusted here.
const video = document.querySelector('video');
const errors = [];
video.addEventListener('error', () => errors.push(`video element: ${video.error?.code} ${video.error?.message}`));

window.harness = {
  errors,
  state() {
    const buffered = [];
    for (let i = 0; i < video.buffered.length; i++) buffered.push([video.buffered.start(i), video.buffered.end(i)]);
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
  /** The cues of the text track that is shown: all it has so far, or only those of this moment. */
  shownCues(activeOnly) {
    const found = [];
    for (const track of video.textTracks) {
      const cues = track.mode === 'showing' ? (activeOnly ? track.activeCues : track.cues) : null;
      for (const cue of cues ?? []) found.push({ start: cue.startTime, end: cue.endTime, text: cue.text });
    }
    return found;
  },
};
