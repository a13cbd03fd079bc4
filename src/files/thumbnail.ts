import { Writable } from 'node:stream';
import { isDiskLow } from '../budget/free-space.ts';
import type { Context } from '../context.ts';
import type { File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { BadUserInputError, UnsupportedMediaTypeError } from '../errors.ts';
import type { StoredBlob } from '../storage/storage.ts';
import { getFile } from './load-files.ts';
import { FairQueue } from './thumbnails/fair-queue.ts';
import { makeThumbnail, Unreadable } from './thumbnails/helper.ts';

/** What thumbnails are made of. SVG, PDF and the like are programs rather than pictures, and are left alone. */
const types = new Set(['jpeg', 'png', 'apng', 'webp', 'gif', 'avif', 'tiff'].map((format) => `image/${format}`));

/** A picture of more bytes is left alone: all of them are in memory while it is read. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Thumbnails have one of few sizes, so that nobody fills the storage by asking for each number. */
const SIZES = [32, 64, 128, 256, 512, 1024, 2048];

const queue = new FairQueue();

/** A thumbnail that is made or waits for its turn, and those who wait for it. */
interface Making {
  bytes: Promise<Uint8Array>;
  /** Whether each of them still waits. */
  waiters: (() => boolean)[];
}
const making = new Map<string, Making>();

/**
 * Pictures of which no thumbnail could be made, by where their bytes are, which never change: for so long, and so many, nobody
 * makes the server try again.
 */
const UNREADABLE_MS = 10 * 60_000;
const MAX_UNREADABLE = 1000;
const unreadable = new Map<string, number>();

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

/** The size that is made when another is asked for: the next larger of few. Throws `BadUserInputError` for what is no size. */
export function boxFor({ width, height }: Box): Box {
  const next = (pixels: number) => {
    if (!(Number.isInteger(pixels) && pixels >= 1))
      throw new BadUserInputError('The width and height of a thumbnail are whole numbers of pixels, 1 or more.');
    return SIZES.find((size) => size >= pixels) ?? (SIZES.at(-1) as number);
  };
  return { width: next(width), height: next(height) };
}

/**
 * A picture of a file that fits into a box, as WebP, never larger than it is, the right way up, without what cameras write
 * into it; made when it is first asked for. Throws `NotFoundError`; `UnsupportedMediaTypeError` for what is no picture, or a broken
 * one; `RateLimitedError`; `BadUserInputError`. The caller disposes of the bytes. What nobody waits for any more when its turn comes, as
 * `isWanted` answers, is not made.
 */
export async function openThumbnail(
  ctx: Context,
  id: number,
  asked: Box,
  isWanted: () => boolean = () => true,
): Promise<Thumbnail> {
  const box = boxFor(asked);
  const file = await getFile(ctx, id);
  const name = `${box.width}x${box.height}.webp`;
  const kept = await ctx.storage.openDerived(file.blobKey, name);
  if (kept) return { file, box, blob: kept };
  if (!canHaveThumbnail(file))
    throw new UnsupportedMediaTypeError(`${file.name} is no picture of which thumbnails are made.`);
  return { file, box, blob: inMemory(await makeOnce(ctx, file, { box, name, isWanted })) };
}

/** However many ask for one at once, it is made once, as long as one of them waits. */
function makeOnce(
  ctx: Context,
  file: Row<File>,
  { box, name, isWanted }: { box: Box; name: string; isWanted(): boolean },
): Promise<Uint8Array> {
  if ((unreadable.get(file.blobKey) ?? 0) > Date.now()) throw cannotBeRead(file);
  const key = `${file.blobKey} ${name}`;
  const running = making.get(key);
  if (running) {
    running.waiters.push(isWanted);
    return running.bytes;
  }
  const waiters = [isWanted];
  const work = async () => {
    const bytes = await make(ctx, file, box);
    // On a disk that is nearly full it is made each time.
    if (!(await isDiskLow(ctx))) await ctx.storage.storeDerived(file.blobKey, name, bytes);
    return bytes;
  };
  const bytes = queue
    .run(ctx.viewer.userId, work, () => waiters.some((waits) => waits()))
    .finally(() => making.delete(key));
  making.set(key, { bytes, waiters });
  return bytes;
}

async function make(ctx: Context, file: Row<File>, box: Box): Promise<Uint8Array> {
  // Others of its sizes were asked for at the same time, and it failed meanwhile.
  if ((unreadable.get(file.blobKey) ?? 0) > Date.now()) throw cannotBeRead(file);
  const { maxImagePixels: maxPixels, maxImageMemory: maxMemory } = ctx.limits;
  await using blob = await ctx.storage.open(file.blobKey);
  try {
    const picture = { ...box, size: file.size, maxPixels, maxMemory };
    return await makeThumbnail(picture, (destination) =>
      blob.send(copyingInto(destination), { start: 0, end: file.size - 1 }),
    );
  } catch (cause) {
    if (!(cause instanceof Unreadable)) throw cause;
    ctx.log.info({ fileId: file.id, reason: cause.message }, 'a picture could not be read');
    remember(file.blobKey);
    throw cannotBeRead(file, { cause });
  }
}

const cannotBeRead = (file: Row<File>, options?: ErrorOptions) =>
  new UnsupportedMediaTypeError(`${file.name} cannot be read as a picture, or is too large to be.`, options);

function remember(blobKey: string): void {
  unreadable.delete(blobKey);
  unreadable.set(blobKey, Date.now() + UNREADABLE_MS);
  for (const oldest of unreadable.keys()) {
    if (unreadable.size <= MAX_UNREADABLE) return;
    unreadable.delete(oldest);
  }
}

/** The storage uses its buffers again as soon as they are taken, while a pipe may still hold them: it gets copies. */
const copyingInto = (destination: Writable): Writable =>
  new Writable({
    write(chunk: Buffer, _encoding, done) {
      destination.write(Buffer.from(chunk), done);
    },
  });

const inMemory = (bytes: Uint8Array): StoredBlob => ({
  size: bytes.length,
  send: (destination, { start, end }) =>
    new Promise((resolve, reject) => {
      destination.write(bytes.subarray(start, end + 1), (error) => (error ? reject(error) : resolve()));
    }),
  async [Symbol.asyncDispose]() {},
});
