import type { Size } from './size.ts';

/**
 * Reads the size of a HEIF or AVIF image from its boxes (ISO/IEC 14496-12 and 23008-12). It visits
 * each box once and at most `MAX_BOXES` boxes: a hostile file of 128 KiB can nest thousands of
 * them.
 */

const MAX_BOXES = 2000;

interface Box {
  type: string;
  /** The offsets at which the content starts and ends; `end` is at most the number of bytes. */
  start: number;
  end: number;
}

export const isHeif = (head: Buffer): boolean => head.toString('latin1', 4, 8) === 'ftyp';

/**
 * Returns the size of the primary image as it is displayed, else of the largest image; undefined
 * without either.
 */
export function heifSize(head: Buffer): Size | undefined {
  const boxes = new BoxReader(head);
  const meta = boxes.find({ start: 0, end: head.length }, 'meta');
  if (!meta) return undefined;
  const parts = new Map([...boxes.in({ ...meta, start: meta.start + 4 })].map((box) => [box.type, box]));
  const properties = parts.get('iprp');
  if (!properties) return undefined;
  const own = new Map([...boxes.in(properties)].map((box) => [box.type, box]));
  const all = own.has('ipco') ? [...boxes.in(own.get('ipco') as Box)] : [];
  const primary = primaryOf(head, parts.get('pitm'), own.get('ipma'));
  return (
    sizeOf(
      head,
      primary.flatMap((number) => all[number - 1] ?? []),
    ) ?? largest(head, all)
  );
}

class BoxReader {
  readonly #head: Buffer;
  #left = MAX_BOXES;

  constructor(head: Buffer) {
    this.#head = head;
  }

  /**
   * Iterates over consecutive boxes up to the first invalid one.
   * https://www.iso.org/standard/83102.html 4.2
   */
  *in({ start, end }: Pick<Box, 'start' | 'end'>): Generator<Box> {
    for (let at = start; at + 8 <= end && this.#left > 0; this.#left -= 1) {
      const claimed = this.#head.readUInt32BE(at);
      const isLarge = claimed === 1 && at + 16 <= end;
      const size = claimed === 0 ? end - at : isLarge ? Number(this.#head.readBigUInt64BE(at + 8)) : claimed;
      const content = at + (isLarge ? 16 : 8);
      if (at + size < content) return;
      yield { type: this.#head.toString('latin1', at + 4, at + 8), start: content, end: Math.min(at + size, end) };
      at += size;
    }
  }

  find(range: Pick<Box, 'start' | 'end'>, type: string): Box | undefined {
    for (const box of this.in(range)) if (box.type === type) return box;
    return undefined;
  }
}

/** Returns the numbers, from 1, of the properties of the primary item. */
function primaryOf(head: Buffer, pitm: Box | undefined, ipma: Box | undefined): number[] {
  if (!pitm || !ipma || pitm.end - pitm.start < 6 || ipma.end - ipma.start < 8) return [];
  const isWide = head[pitm.start] !== 0;
  if (isWide && pitm.end - pitm.start < 8) return [];
  const id = isWide ? head.readUInt32BE(pitm.start + 4) : head.readUInt16BE(pitm.start + 4);
  return associationsOf(head, ipma, id);
}

function associationsOf(head: Buffer, { start, end }: Box, id: number): number[] {
  const idBytes = head[start] === 0 ? 2 : 4;
  const indexBytes = ((head[start + 3] as number) & 1) === 1 ? 2 : 1;
  let at = start + 8;
  for (let left = head.readUInt32BE(start + 4); left > 0 && at + idBytes + 1 <= end; left--) {
    const item = head.readUIntBE(at, idBytes);
    const count = head[at + idBytes] as number;
    at += idBytes + 1;
    if (at + count * indexBytes > end) return [];
    if (item === id)
      // The first bit says whether a reader must support the property. The others are its number.
      return Array.from({ length: count }, (_, index) => {
        const number = head.readUIntBE(at + index * indexBytes, indexBytes);
        return number & (indexBytes === 2 ? 0x7fff : 0x7f);
      });
    at += count * indexBytes;
  }
  return [];
}

/**
 * Applies the properties of one item in order: its extent, its clean aperture, and rotations by a
 * quarter turn.
 */
function sizeOf(head: Buffer, properties: readonly Box[]): Size | undefined {
  let size: Size | undefined;
  for (const { type, start, end } of properties) {
    if (type === 'ispe' && end - start >= 12)
      size = { width: head.readUInt32BE(start + 4), height: head.readUInt32BE(start + 8) };
    if (type === 'clap' && end - start >= 32 && size) size = cleanAperture(head, start, size);
    if (type === 'irot' && end - start >= 1 && size && ((head[start] as number) & 1) === 1)
      size = { width: size.height, height: size.width };
  }
  return size;
}

/**
 * Reads the clean aperture, whose width and height are fractions. Ignores one larger than the
 * image.
 */
function cleanAperture(head: Buffer, start: number, { width, height }: Size): Size {
  const fraction = (at: number) => Math.round(head.readUInt32BE(at) / head.readUInt32BE(at + 4));
  const [ownWidth, ownHeight] = [fraction(start), fraction(start + 8)];
  const fits = ownWidth > 0 && ownWidth <= width && ownHeight > 0 && ownHeight <= height;
  return fits ? { width: ownWidth, height: ownHeight } : { width, height };
}

function largest(head: Buffer, properties: readonly Box[]): Size | undefined {
  const sizes = properties.flatMap((box) => sizeOf(head, [box]) ?? []);
  return sizes.reduce<Size | undefined>(
    (most, size) => (most && most.width * most.height >= size.width * size.height ? most : size),
    undefined,
  );
}
