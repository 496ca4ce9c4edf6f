// What is read of MP4 files, all of it by mp4box.js.
import { createFile } from 'mp4box';

/** Every box of a file, with the offsets that mp4box.js found. */
export function readBoxes(bytes) {
  const file = createFile();
  const buffer = bytes.slice(0);
  buffer.fileStart = 0;
  file.appendBuffer(buffer, true);
  file.flush();
  return file.boxes;
}

/** "moof(mfhd,traf(tfhd,tfdt,trun))": the tree as text. */
export function tree(boxes) {
  return boxes.map((box) => (box.boxes?.length ? `${box.type}(${tree(box.boxes)})` : box.type)).join(',');
}

/** The only box at a path; throws where there is none or more than one. */
export function only(boxes, path) {
  const [type, ...rest] = path.split('/');
  const found = (boxes ?? []).filter((box) => box.type === type);
  if (found.length !== 1)
    throw new Error(`${found.length} boxes ${type}, expected one, in ${tree(boxes ?? [])}`);
  return rest.length === 0 ? found[0] : only(found[0].boxes, rest.join('/'));
}
