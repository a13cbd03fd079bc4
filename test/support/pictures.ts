import { crc32 } from 'node:zlib';

/** The smallest headers that contain the size of an image. */

export function png(width: number, height: number): Blob {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6], 8); // 8 bits, RGBA
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return new Blob([signature, chunk('IHDR', header), chunk('IDAT', Buffer.alloc(0)), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer<ArrayBuffer> {
  const body = Buffer.concat([Buffer.from(type), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** `width` and `height` as stored; the orientation says how to rotate them for display. */
export function jpeg(width: number, height: number, orientation: number): Blob {
  const exif = Buffer.concat([
    Buffer.from('Exif\0\0MM\0*', 'latin1'),
    Buffer.from([0, 0, 0, 8, 0, 1]), // the first directory, and its one entry:
    Buffer.from([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]), // Orientation, a SHORT
    Buffer.from([0, 0, 0, 0]),
  ]);
  const frame = Buffer.from([8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0]);
  return new Blob([Buffer.from([0xff, 0xd8]), segment(0xe1, exif), segment(0xc0, frame), Buffer.from([0xff, 0xd9])]);
}

function segment(marker: number, data: Buffer): Buffer<ArrayBuffer> {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}
