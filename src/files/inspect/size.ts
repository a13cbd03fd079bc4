/** The dimensions of an image, in pixels. */
export interface Size {
  width: number;
  height: number;
}
