import { disableTypes, imageSize } from 'image-size';
import { isImage } from './content-type.ts';
import { heifSize, isHeif } from './heif-size.ts';
import { isJpeg, jpegSize } from './jpeg-size.ts';
import type { Size } from './size.ts';
import { svgSize } from './svg-size.ts';

/**
 * What image-size takes more than linear time for (HEIF: boxes inside of boxes; SVG: a regular expression), or copies the
 * bytes for (JPEG), is read here. It reads the others at fixed places, or goes over them once.
 */
disableTypes(['heif', 'svg', 'jpg']);

/** Width and height of an image as it is shown, in pixels, from its first bytes; nulls where they do not say. */
export function dimensionsOf(head: Uint8Array, contentType: string): { width: number | null; height: number | null } {
  const size = isImage(contentType)
    ? sizeIn(Buffer.from(head.buffer, head.byteOffset, head.length), contentType)
    : undefined;
  // A header that was cut off, or lies.
  if (!size || !isLength(size.width) || !isLength(size.height)) return { width: null, height: null };
  return { width: size.width, height: size.height };
}

/** What the column of a database holds. */
const isLength = (pixels: number) => Number.isInteger(pixels) && pixels > 0 && pixels < 2 ** 31;

function sizeIn(head: Buffer, contentType: string): Size | undefined {
  if (isJpeg(head)) return jpegSize(head);
  if (contentType === 'image/svg+xml') return svgSize(head);
  try {
    return isHeif(head) ? heifSize(head) : imageSize(new Uint8Array(head)); // a copy: it would read on behind the end, in memory that is shared
  } catch {
    // A format that it does not know, or a header that lies further in: an image of unknown size is a file as well.
    return undefined;
  }
}
