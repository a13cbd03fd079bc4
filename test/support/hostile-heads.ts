import { deflateRawSync, gzipSync } from 'node:zlib';

/** First bytes of files, 128 KiB each, that make a naive parser rescan, recurse or decompress. */

const SIZE = 128 * 1024;

const u32 = (number: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number);
  return bytes;
};
const le = (bytes: 2 | 4, number: number) => {
  const written = Buffer.alloc(bytes);
  written.writeUIntLE(number, 0, bytes);
  return written;
};

/** A prefix, and then the same bytes repeated. */
function filled(start: string | Buffer, unit: string | Buffer): Buffer {
  const [first, again] = [start, unit].map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part));
  return Buffer.concat([first as Buffer, Buffer.alloc(SIZE - (first as Buffer).length, again)]);
}

const box = (type: string, ...content: Buffer[]) => {
  const data = Buffer.concat(content);
  return Buffer.concat([u32(data.length + 8), Buffer.from(type), data]);
};
const ftyp = box('ftyp', Buffer.from('heic'), u32(0), Buffer.from('heic'));
/** After `ftyp`, nested boxes that all extend to the end of the file. */
function nested(...types: string[]): Buffer {
  let start = ftyp;
  for (const type of types) {
    const header = Buffer.concat([u32(SIZE - start.length), Buffer.from(type)]);
    start = Buffer.concat([start, header, type === 'meta' ? u32(0) : Buffer.of()]);
  }
  return start;
}
const ispe = box('ispe', u32(0), u32(5), u32(6));

function zipEntry(name: string, content: Buffer, { flags = 0, method = 0, size = content.length } = {}): Buffer {
  const stored = flags === 8 ? 0 : content.length;
  return Buffer.concat([
    Buffer.from('PK\x03\x04', 'latin1'),
    ...[20, flags, method, 0, 0].map((number) => le(2, number)),
    ...[0, stored, flags === 8 ? 0 : size].map((number) => le(4, number)),
    ...[name.length, 0].map((number) => le(2, number)),
    Buffer.from(name),
    content,
  ]);
}
const nothing = Buffer.of();
const streamed = zipEntry('a', nothing, { flags: 8 });
const types = (text: string) => zipEntry('[Content_Types].xml', deflateRawSync(text), { method: 8, size: text.length });

export const hostileHeads: Readonly<Record<string, Buffer>> = {
  'HEIF of one size after the other': filled(nested('meta', 'iprp', 'ipco'), ispe),
  'HEIF of sizes and empty boxes': filled(nested('meta', 'iprp', 'ipco'), Buffer.concat([ispe, box('free')])),
  'HEIF of boxes inside of each other': filled(nested('meta', ...Array<string>(2000).fill('iprp')), box('ipco')),
  'HEIF of empty boxes': filled(ftyp, box('free')),
  'JPEG of markers': filled('\xff\xd8', '\xff'),
  'JPEG of empty segments': filled('\xff\xd8', '\xff\xe1\0\x02'),
  'JPEG of Exif': filled('\xff\xd8', '\xff\xe1\0\x20Exif\0\0MM\0*\0\0\0\x08\xff\xff\0\0\0\0\0\0\0\0\0\0\0\0\0\0'),
  'SVG of roots': filled('', '<svg '),
  'SVG of attributes': filled('<svg ', ' a=""'),
  'SVG of one quote': filled('<svg a="', ' '),
  'ZIP of empty entries': filled('', zipEntry('a', nothing)),
  'ZIP of entries of unknown length': filled('', streamed),
  'ZIP that nearly ends': filled(streamed, 'PK'),
  'ZIP of types': filled('', types('ContentType="'.repeat(70_000))),
  'Matroska of elements': filled('\x1a\x45\xdf\xa3\x4f\xff', '\xec\x80'),
  'ID3 of ID3': filled('', 'ID3\x04\0\0\0\0\0\0'),
  'PNG of chunks': filled(
    Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR', 'latin1'), Buffer.alloc(17)]),
    Buffer.concat([u32(0), Buffer.from('tEXt'), u32(0)]),
  ),
  'ASF of objects': filled(
    Buffer.from('3026b2758e66cf11a6d900aa0062ce6cffff000000000000ffff00000102', 'hex'),
    Buffer.from('a1dcab8c47a9cf118ee400c00c2053661800000000000000', 'hex'),
  ),
  'gzip of gzip': Buffer.concat([gzipSync(gzipSync(Buffer.alloc(200_000_000))), Buffer.alloc(SIZE)]).subarray(0, SIZE),
  'TIFF of tags': filled('II*\0\x08\0\0\0\xff\xff', '\x01\x01\x03\0\x01\0\0\0\x01\0\0\0'),
  'byte order marks': filled('\ufeff<?xml', Buffer.from('\ufeff')),
  'JPEG XL of parts': filled('\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x10ftypjxl \0\0\0\0', box('jxlp', u32(0))),
  icons: filled(Buffer.concat([Buffer.from('icns'), u32(SIZE)]), box('ic10')),
};
