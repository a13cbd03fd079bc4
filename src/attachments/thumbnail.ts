import { Writable } from 'node:stream';
import pLimit from 'p-limit';
import type { Context } from '../context.ts';
import type { File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { BadInput, Busy, UnsupportedType } from '../errors.ts';
import type { StoredBlob } from '../storage/storage.ts';
import { isDiskLow } from './free-space.ts';
import { readableFile } from './read.ts';

/** What thumbnails are made of. SVG, PDF and the like are programs rather than pictures, and are left alone. */
const types = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif', 'image/tiff']);

/** A picture of more bytes is left alone: all of them are in memory while it is read. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Thumbnails have one of few sizes, so that nobody fills the storage by asking for each number. */
const SIZES = [32, 64, 128, 256, 512, 1024, 2048];

/** Pictures that are read at once, and how many more may wait for that. */
const AT_ONCE = 2;
const WAITING = 32;
/** How long one may take, in seconds. */
const PATIENCE_S = 20;

const limited = pLimit(AT_ONCE);
const making = new Map<string, Promise<Buffer>>();

/** In pixels: what a thumbnail has to fit into. */
export interface Box {
  width: number;
  height: number;
}

export interface Thumbnail {
  file: Row<File>;
  /** The size it was made for, which is that asked for or larger. */
  box: Box;
  blob: StoredBlob;
}

export const canHaveThumbnail = ({ contentType, size }: Pick<File, 'contentType' | 'size'>): boolean =>
  types.has(contentType) && size > 0 && size <= MAX_BYTES;

/** The size that is made when another is asked for: the next larger of few. Throws `BadInput` for what is no size. */
export function boxFor({ width, height }: Box): Box {
  const next = (pixels: number) => {
    if (!(Number.isInteger(pixels) && pixels >= 1))
      throw new BadInput('The width and height of a thumbnail are whole numbers of pixels, 1 or more.');
    return SIZES.find((size) => size >= pixels) ?? (SIZES.at(-1) as number);
  };
  return { width: next(width), height: next(height) };
}

/**
 * A picture of a file that fits into a box, as WebP, never larger than it is, the right way up, without what cameras write
 * into it; made when it is first asked for. Throws `NotFound`; `UnsupportedType` for what is no picture, or a broken
 * one; `Busy`; `BadInput`. The caller disposes of the bytes.
 */
export async function openThumbnail(ctx: Context, id: number, asked: Box): Promise<Thumbnail> {
  const box = boxFor(asked);
  const file = await readableFile(ctx, id);
  const name = `${box.width}x${box.height}.webp`;
  const kept = await ctx.storage.openDerived(file.blobKey, name);
  if (kept) return { file, box, blob: kept };
  if (!canHaveThumbnail(file)) throw new UnsupportedType(`${file.name} is no picture of which thumbnails are made.`);
  return { file, box, blob: inMemory(await makeOnce(ctx, file, box, name)) };
}

/** However many ask for one at once, it is made once. */
function makeOnce(ctx: Context, file: Row<File>, box: Box, name: string): Promise<Buffer> {
  const key = `${file.blobKey} ${name}`;
  const running = making.get(key);
  if (running) return running;
  if (limited.pendingCount >= WAITING) throw new Busy('Too many thumbnails are being made. Ask again in a moment.');
  const made = limited(async () => {
    const bytes = await make(ctx, file, box);
    // On a disk that is nearly full it is made each time.
    if (!(await isDiskLow(ctx))) await ctx.storage.keepDerived(file.blobKey, name, bytes);
    return bytes;
  }).finally(() => making.delete(key));
  making.set(key, made);
  return made;
}

async function make(ctx: Context, file: Row<File>, { width, height }: Box): Promise<Buffer> {
  // Loaded by the first who needs it: it is large, and many servers never do.
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  sharp.concurrency(1);
  await using blob = await ctx.storage.open(file.blobKey);
  const picture = sharp({ limitInputPixels: ctx.limits.maxImagePixels, failOn: 'error', pages: 1 })
    .timeout({ seconds: PATIENCE_S })
    .autoOrient()
    .resize({ width, height, fit: 'inside', withoutEnlargement: true })
    .webp();
  // The storage uses its buffers again: sharp, which keeps what it is given, gets copies.
  const bytes = new Writable({
    write(chunk: Buffer, _encoding, done) {
      picture.write(Buffer.from(chunk));
      done();
    },
  });
  const made = picture.toBuffer();
  made.catch(() => {}); // told below
  try {
    await blob.send(bytes, { start: 0, end: file.size - 1 });
    picture.end();
  } catch (error) {
    picture.destroy();
    throw error;
  }
  // Awaited here: while the bytes are closed, nobody else would hear of its failure.
  return await made.catch((cause) => {
    ctx.log.info({ fileId: file.id, reason: String(cause.message) }, 'a picture could not be read');
    throw new UnsupportedType(`${file.name} cannot be read as a picture, or is too large to be.`, { cause });
  });
}

const inMemory = (bytes: Buffer): StoredBlob => ({
  size: bytes.length,
  send: (destination, { start, end }) =>
    new Promise((resolve, reject) => {
      destination.write(bytes.subarray(start, end + 1), (error) => (error ? reject(error) : resolve()));
    }),
  async [Symbol.asyncDispose]() {},
});
