// The samples of a file with one track of interest, as mp4box.js finds them.
import { createHash } from 'node:crypto';
import { createFile } from 'mp4box';

/** Every box that mp4box.js could not read to its end. */
function unread(boxes, path = '') {
  return (boxes ?? []).flatMap((box) => [
    ...(box.has_unparsed_data ? [`${path}${box.type}`] : []),
    ...unread(box.boxes, `${path}${box.type}/`),
    ...unread(box.entries?.filter?.((entry) => entry?.type && entry?.boxes) ?? [], `${path}${box.type}/`),
  ]);
}

/**
 * { codec, timescale, primingTicks, samples, fragments, faults } of the first track of that kind. Samples are
 * { dts, pts, duration, size, sync, digest }, in ticks; `pts` is after the edit list, `dts` before it. Fragments are
 * { start, samples }.
 */
export function readSamples(bytes, kind) {
  const file = createFile();
  const faults = [];
  file.onError = (...words) => faults.push(words.join(' '));
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  buffer.fileStart = 0;
  file.appendBuffer(buffer, true);
  file.flush();
  faults.push(...unread(file.boxes));
  const info = file.getInfo();
  const track = info[kind === 'video' ? 'videoTracks' : 'audioTracks'][0];
  if (!track) throw new Error(`no ${kind} track`);
  const edits = (track.edits ?? []).filter((edit) => edit.media_time >= 0);
  if (edits.length > 1) faults.push(`${edits.length} edits`);
  const primingTicks = edits[0]?.media_time ?? 0;
  const samples = file.getTrackSamplesInfo(track.id).map((sample) => ({
    dts: sample.dts,
    pts: sample.cts - primingTicks,
    duration: sample.duration,
    size: sample.size,
    sync: sample.is_sync,
    digest: createHash('sha256')
      .update(bytes.subarray(sample.offset, sample.offset + sample.size))
      .digest('hex'),
  }));
  const fragments = file.boxes
    .filter((box) => box.type === 'moof')
    .map((box) => box.boxes.find(({ type }) => type === 'traf').boxes)
    .map((boxes) => ({
      start: boxes.find(({ type }) => type === 'tfdt').baseMediaDecodeTime,
      samples: boxes.find(({ type }) => type === 'trun').sample_count,
    }));
  return { codec: track.codec, timescale: track.timescale, primingTicks, samples, fragments, faults };
}
