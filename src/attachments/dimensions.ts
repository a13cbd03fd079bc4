import { imageSize } from 'image-size';
import { isImage } from './content-type.ts';

/** Width and height of an image as it is shown, in pixels, from its first bytes; nulls where they do not say. */
export function dimensionsOf(head: Uint8Array, contentType: string): { width: number | null; height: number | null } {
  if (!isImage(contentType)) return { width: null, height: null };
  try {
    const { width, height, orientation = 1 } = imageSize(new Uint8Array(head)); // a copy: it would read on behind the end, in memory that is shared
    if (!(width > 0 && height > 0)) return { width: null, height: null }; // a header that was cut off
    // https://exiftool.org/TagNames/EXIF.html Orientation: from 5 on the picture lies on its side
    return orientation >= 5 ? { width: height, height: width } : { width, height };
  } catch {
    // A format that it does not know, or a header that lies further in: an image of unknown size is a file as well.
    return { width: null, height: null };
  }
}
