import type { Size } from './size.ts';

/**
 * Reads the size of a JPEG as it is displayed, from the frame header and the Exif orientation
 * before it. It visits each byte at most once. https://www.w3.org/Graphics/JPEG/itu-t81.pdf B.1
 */

export const isJpeg = (head: Buffer): boolean => head[0] === 0xff && head[1] === 0xd8;

const APP1 = 0xe1;
const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;
/**
 * Markers C0 to CF are frame headers, except C4 (Huffman tables), C8 (extensions), CC (arithmetic
 * conditioning).
 */
const isFrame = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
/** Markers of segments without a length and content. */
const isStandalone = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);

/** The size as displayed, after the rotation in EXIF; undefined when `head` does not contain it. */
export function jpegSize(head: Buffer): Size | undefined {
  let orientation = 1;
  for (let at = 2; at + 4 <= head.length; ) {
    const marker = head[at + 1] as number;
    // Skips bytes that are no marker, and fill bytes (FF) before a marker.
    if (head[at] !== 0xff || marker === 0xff || marker === 0) {
      at += 1;
      continue;
    }
    if (isStandalone(marker)) {
      at += 2;
      continue;
    }
    if (marker === START_OF_SCAN || marker === END_OF_IMAGE) return undefined;
    const segment = head.subarray(at + 4, at + 2 + Math.max(2, head.readUInt16BE(at + 2)));
    if (isFrame(marker)) return frameSize(segment, orientation);
    if (marker === APP1) orientation = orientationIn(segment) ?? orientation;
    at += 4 + segment.length;
  }
  return undefined;
}

/** https://exiftool.org/TagNames/EXIF.html Orientation: values from 5 on swap width and height. */
function frameSize(segment: Buffer, orientation: number): Size | undefined {
  if (segment.length < 5) return undefined;
  const [height, width] = [segment.readUInt16BE(1), segment.readUInt16BE(3)];
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}

const ORIENTATION = 0x112;
const SHORT = 3;
const ENTRY_BYTES = 12;

/**
 * Returns the orientation of the first image file directory of Exif (a TIFF); undefined without
 * one.
 */
function orientationIn(segment: Buffer): number | undefined {
  if (segment.toString('latin1', 0, 6) !== 'Exif\0\0' || segment.length < 14) return undefined;
  const tiff = segment.subarray(6);
  const order = tiff.toString('latin1', 0, 2);
  if (order !== 'II' && order !== 'MM') return undefined;
  const isLittleEndian = order === 'II';
  const short = (at: number) => (isLittleEndian ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const directory = isLittleEndian ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (directory + 2 > tiff.length) return undefined;
  const entries = short(directory);
  for (let index = 0, at = directory + 2; index < entries && at + ENTRY_BYTES <= tiff.length; index++) {
    if (short(at) === ORIENTATION) return short(at + 2) === SHORT ? short(at + 8) : undefined;
    at += ENTRY_BYTES;
  }
  return undefined;
}
