import { disableTypes, imageSize } from 'image-size';
import { isImage } from './content-type.ts';
import { heifSize, isHeif } from './heif-size.ts';
import { isJpeg, jpegSize } from './jpeg-size.ts';
import type { Size } from './size.ts';
import { svgSize } from './svg-size.ts';

/**
 * Formats that image-size reads in more than linear time (HEIF: nested boxes; SVG: a regular
 * expression) or by copying the bytes (JPEG) are read by the modules of this folder. It reads the
 * other formats at fixed offsets or in one pass.
 */
disableTypes(['heif', 'svg', 'jpg']);

/**
 * Returns width and height of an image as it is displayed, in pixels, from its first bytes; nulls
 * when unknown.
 */
export function dimensionsOf(head: Uint8Array, contentType: string): { width: number | null; height: number | null } {
  const size = isImage(contentType)
    ? sizeIn(Buffer.from(head.buffer, head.byteOffset, head.length), contentType)
    : undefined;
  // The header is incomplete or false.
  if (!size || !isLength(size.width) || !isLength(size.height)) return { width: null, height: null };
  return { width: size.width, height: size.height };
}

/** The values that the database column can hold. */
const isLength = (pixels: number) => Number.isInteger(pixels) && pixels > 0 && pixels < 2 ** 31;

function sizeIn(head: Buffer, contentType: string): Size | undefined {
  if (isJpeg(head)) return jpegSize(head);
  if (contentType === 'image/svg+xml') return svgSize(head);
  try {
    if (isHeif(head)) return heifSize(head);
    // image-size can read beyond the end of a slice, in memory that is shared: it gets a copy.
    return imageSize(new Uint8Array(head));
  } catch {
    // An unknown format, or a header beyond the first bytes: the size of the image stays unknown.
    return undefined;
  }
}
