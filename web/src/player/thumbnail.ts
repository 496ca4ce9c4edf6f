/** A part of an image, in its own pixels. */
export interface Thumbnail {
  address: string;
  x: number;
  y: number;
  width: number;
  height: number;
}
