// The server under test: MOVIO_URL is its address, MOVIO_VIDEO the id of a ready video that has subtitles.

export function required(name, meaning) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: it must be ${meaning}`);
  return value;
}

export const movioUrl = required('MOVIO_URL', 'the address of a running Movio').replace(/\/$/, '');
export const videoId = required('MOVIO_VIDEO', 'the id of a ready video with subtitles');

export async function get(address) {
  const response = await fetch(new URL(address, movioUrl));
  if (!response.ok) throw new Error(`GET ${address} answered ${response.status}`);
  return response;
}

/** The video under test, or another one, with absolute addresses. */
export async function readyVideo(id = videoId) {
  const video = await (await get(`/api/v2/videos/${id}`)).json();
  if (video.status !== 'ready') throw new Error(`video ${id} is ${video.status}, not ready`);
  const absolute = (address) => (address === null ? null : new URL(address, movioUrl).href);
  return {
    ...video,
    playback: Object.fromEntries(Object.entries(video.playback).map(([name, at]) => [name, absolute(at)])),
    captions: video.captions.map((caption) => ({ ...caption, url: absolute(caption.url) })),
  };
}
