import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';

/** Images that need far more memory or time to decode than their size suggests. */

const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#c33' }, limitInputPixels: false });

const u32 = (...numbers: number[]) => {
  const bytes = Buffer.alloc(4 * numbers.length);
  for (const [index, number] of numbers.entries()) bytes.writeUInt32BE(number, 4 * index);
  return bytes;
};

/** 81 megapixels in 2.4 kB. */
export const hugeAvif = () => plain(9000, 9000).avif({ effort: 0 }).toBuffer();

/** The largest image that the decoder accepts. */
export const largeAvif = () => plain(3600, 3600).avif({ effort: 0, chromaSubsampling: '4:4:4' }).toBuffer();

/** An AVIF whose header has another size than its image. */
export async function lyingAvif(): Promise<Buffer> {
  const bytes = await plain(64, 64).avif({ effort: 0 }).toBuffer();
  const at = bytes.indexOf('ispe') + 8;
  u32(30_000, 30_000).copy(bytes, at);
  return bytes;
}

/**
 * Decoders buffer a progressive JPEG until its last scan. The header of this one claims 9,900 ×
 * 9,900.
 */
export async function lyingJpeg(): Promise<Buffer> {
  const bytes = await plain(64, 64).jpeg({ progressive: true }).toBuffer();
  const at = bytes.indexOf(Buffer.from([0xff, 0xc2])) + 5;
  bytes.writeUInt16BE(9_900, at);
  bytes.writeUInt16BE(9_900, at + 2);
  return bytes;
}

/** Decoders buffer a whole interlaced PNG. */
export const interlacedPng = () => png(9900, 9900, 0, [8, 2, 0, 0, 1]);

/** A TIFF of 16 bits per sample, with all rows in one strip: half a gigabyte in half a megabyte. */
export function deepTiff(): Buffer {
  const [width, height] = [9000, 9000];
  const strip = deflateSync(Buffer.alloc(width * height * 6), { level: 1 });
  const entries: [tag: number, type: number, count: number, value: number][] = [
    ...([
      [256, 4, 1, width],
      [257, 4, 1, height],
      [258, 3, 3, 200],
      [259, 3, 1, 8],
      [262, 3, 1, 2],
    ] as const),
    ...([
      [273, 4, 1, 210],
      [277, 3, 1, 3],
      [278, 4, 1, height],
      [279, 4, 1, strip.length],
    ] as const),
  ].map((entry) => [...entry]);
  const head = Buffer.alloc(210);
  head.write('II*\0\b', 'latin1');
  head.writeUInt16LE(entries.length, 8);
  for (const [index, [tag, type, count, value]] of entries.entries()) {
    const at = 10 + index * 12;
    head.writeUInt16LE(tag, at);
    head.writeUInt16LE(type, at + 2);
    head.writeUInt32LE(count, at + 4);
    head.writeUInt32LE(value, at + 8);
  }
  for (const at of [200, 202, 204]) head.writeUInt16LE(16, at);
  return Buffer.concat([head, strip]);
}

export const tallPng = () => png(1, 100_000_000, 0);
export const widePng = () => png(100_000_000, 1, 0);

/** 400 MB of text in a chunk of a small image. */
export const textBombPng = () => png(8, 8, 400_000_000);

/**
 * A PNG with a text chunk; `format` has the bit depth, the colour type, and the methods of
 * compression, filter and interlace.
 */
function png(width: number, height: number, textBytes: number, format = [1, 0, 0, 0, 0]): Buffer {
  const header = Buffer.concat([u32(width, height), Buffer.from(format)]);
  const rows = deflateSync(Buffer.alloc(Math.min((Math.ceil(width / 8) + 1) * height, 200_000_000)), { level: 1 });
  const text = Buffer.concat([Buffer.from('Comment\0\0'), deflateSync(Buffer.alloc(textBytes, 'a'), { level: 1 })]);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const chunks = [chunk('IHDR', header), ...(textBytes > 0 ? [chunk('zTXt', text)] : []), chunk('IDAT', rows)];
  return Buffer.concat([signature, ...chunks, chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  return Buffer.concat([u32(data.length), body, u32(crc32(body))]);
}

/** A GIF with a canvas of 81 megapixels, and one pixel's worth of bytes per frame. */
export function manyFramesGif(frames: number): Buffer {
  const header = Buffer.from('GIF89a\0\0\0\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1');
  header.writeUInt16LE(9000, 6);
  header.writeUInt16LE(9000, 8);
  const frame = Buffer.from('21f904000a0000002c00000000010001000002024401003b'.slice(0, -2), 'hex');
  return Buffer.concat([header, ...Array<Buffer>(frames).fill(frame), Buffer.from([0x3b])]);
}

/** A WebP of many frames with 16 megapixels each. */
export async function animatedWebp(): Promise<Buffer> {
  const frame = await plain(4000, 4000).webp({ lossless: true, effort: 0 }).toBuffer();
  const payload = frame.subarray(12);
  const u24 = (number: number) => Buffer.from([number & 255, (number >> 8) & 255, (number >> 16) & 255]);
  const le32 = (number: number) => Buffer.concat([u24(number), Buffer.from([number >>> 24])]);
  const part = (type: string, data: Buffer) =>
    Buffer.concat([Buffer.from(type), le32(data.length), data, Buffer.alloc(data.length % 2)]);
  const place = Buffer.concat([u24(0), u24(0), u24(3999), u24(3999), u24(100), Buffer.from([0])]);
  const anmf = part('ANMF', Buffer.concat([place, payload]));
  const extended = part('VP8X', Buffer.concat([Buffer.from([2, 0, 0, 0]), u24(3999), u24(3999)]));
  const body = Buffer.concat([
    Buffer.from('WEBP'),
    extended,
    part('ANIM', Buffer.alloc(6)),
    ...Array<Buffer>(1000).fill(anmf),
  ]);
  return Buffer.concat([Buffer.from('RIFF'), le32(body.length), body]);
}
