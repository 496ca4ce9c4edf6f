// A reader of WebVTT that shares no code with any player: times in seconds, text without tags.

function seconds(stamp) {
  const parts = stamp.split(':').map(Number);
  return parts.reduce((sum, part) => sum * 60 + part, 0);
}

const entities = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&nbsp;': '\u00a0',
  '&lrm;': '\u200e',
  '&rlm;': '\u200f',
};

/** Text as a viewer reads it: no tags, no entities, one kind of white space. */
export function plain(text) {
  return text
    .replace(/<[^>]*>/g, '')
    .replace(/&\w+;/g, (entity) => entities[entity] ?? entity)
    .replace(/\s+/g, ' ')
    .trim();
}

export function parseVtt(text) {
  if (!/^\uFEFF?WEBVTT([ \t\r\n]|$)/.test(text)) throw new Error('the file does not begin with WEBVTT');
  const cues = [];
  for (const block of text.replace(/\r\n?/g, '\n').split(/\n{2,}/)) {
    const lines = block.split('\n').filter((line) => line !== '');
    const at = lines.findIndex((line) => line.includes('-->'));
    if (at < 0) continue;
    const times = /^([\d:.]+)[ \t]+-->[ \t]+([\d:.]+)/.exec(lines[at]);
    if (!times) throw new Error(`bad cue times: ${lines[at]}`);
    cues.push({
      start: seconds(times[1]),
      end: seconds(times[2]),
      text: plain(lines.slice(at + 1).join('\n')),
    });
  }
  return cues;
}
