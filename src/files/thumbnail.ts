import { Writable } from 'node:stream';
import { accountOf } from '../auth/guest.ts';
import { isDiskLow } from '../budget/free-space.ts';
import { type Context, contextOf, type RequestContext } from '../context.ts';
import type { File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { BadUserInputError, UnsupportedMediaTypeError } from '../errors.ts';
import type { StoredBlob } from '../storage/storage.ts';
import { auditDownload } from './download.ts';
import { getFile } from './load-files.ts';
import { makeThumbnail, UnreadableImageError } from './thumbnails/decoder.ts';
import { FairQueue } from './thumbnails/fair-queue.ts';
import { addThumbnail, type ThumbnailKey } from './thumbnails/thumbnail-usage.ts';

/**
 * The types of which thumbnails are made. SVG and PDF are excluded: they can contain scripts and
 * references.
 */
const types = new Set(['jpeg', 'png', 'apng', 'webp', 'gif', 'avif', 'tiff'].map((format) => `image/${format}`));

/** The most bytes of an image. All of them are in memory while it is decoded. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * The sizes of thumbnails, in pixels. They are few, so that requests for every size cannot fill the
 * storage.
 */
const SIZES = [32, 64, 128, 256, 512, 1024, 2048];

const queue = new FairQueue();

/** A thumbnail that is queued or being made, and the requests that wait for it. */
interface PendingThumbnail {
  bytes: Promise<Uint8Array>;
  /** For each request, whether it still waits. */
  waiters: (() => boolean)[];
}
const pending = new Map<string, PendingThumbnail>();

/**
 * Images that could not be decoded, by blob key, with the time until which they are not tried
 * again. The content of a blob never changes. The oldest entries beyond `MAX_UNREADABLE` are
 * dropped.
 */
const UNREADABLE_MS = 10 * 60_000;
const MAX_UNREADABLE = 1000;
const unreadable = new Map<string, number>();

/** The width and height, in pixels, that a thumbnail must not exceed. */
export interface Box {
  width: number;
  height: number;
}

export interface Thumbnail {
  file: Row<File>;
  /** The box for which it was made: the requested one or a larger one. */
  box: Box;
  blob: StoredBlob;
  /** Writes to the audit log that it is sent. To be called before its first byte is. */
  audit(): Promise<void>;
}

/** Whether the server makes thumbnails of files of this type and size in bytes. */
export const canHaveThumbnail = ({ contentType, size }: Pick<File, 'contentType' | 'size'>): boolean =>
  types.has(contentType) && size > 0 && size <= MAX_BYTES;

/**
 * Rounds a requested box up to the sizes that are made. Throws `BadUserInputError` unless width and
 * height are integers of at least 1.
 */
export function boxFor({ width, height }: Box): Box {
  const next = (pixels: number) => {
    if (!(Number.isInteger(pixels) && pixels >= 1))
      throw new BadUserInputError('The width and height of a thumbnail are whole numbers of pixels, 1 or more.');
    return SIZES.find((size) => size >= pixels) ?? (SIZES.at(-1) as number);
  };
  return { width: next(width), height: next(height) };
}

/**
 * Opens the thumbnail of a file as WebP. It fits into the box, is never larger than the image, is
 * rotated as the Exif orientation says, and has no metadata. It is made at the first request. The
 * caller disposes of the blob. A thumbnail for which `isWanted` of every waiting request returns
 * false is not made. Throws `NotFoundError`, `UnsupportedMediaTypeError` for a file that is not an
 * image or cannot be decoded, `RateLimitedError` when the queue is full, and `BadUserInputError`
 * for an invalid box.
 */
export async function openThumbnail(
  request: RequestContext,
  id: number,
  requested: Box,
  isWanted: () => boolean = () => true,
): Promise<Thumbnail> {
  const ctx = contextOf(request);
  const box = boxFor(requested);
  const file = await getFile(ctx, id);
  const name = `${box.width}x${box.height}.webp`;
  const stored = await ctx.storage.openDerived(file.blobKey, name);
  const audit = () => auditDownload(ctx, file, { isPreview: true });
  if (stored) return { file, box, blob: stored, audit };
  if (!canHaveThumbnail(file)) throw new UnsupportedMediaTypeError(`${file.name} has a type without thumbnails.`);
  return { file, box, blob: inMemory(await createOnce(ctx, file, { box, name, isWanted })), audit };
}

/** Makes a thumbnail once for all concurrent requests, while at least one of them still waits. */
function createOnce(
  ctx: Context,
  file: Row<File>,
  { box, name, isWanted }: { box: Box; name: string; isWanted(): boolean },
): Promise<Uint8Array> {
  if ((unreadable.get(file.blobKey) ?? 0) > Date.now()) throw unreadableImage(file);
  const key = `${file.blobKey} ${name}`;
  const running = pending.get(key);
  if (running) {
    running.waiters.push(isWanted);
    return running.bytes;
  }
  const waiters = [isWanted];
  const work = async () => {
    const bytes = await make(ctx, file, box);
    // On a disk that is nearly full, thumbnails are not stored but made again for every request.
    if (!(await isDiskLow(ctx)))
      await store(ctx, { blobKey: file.blobKey, name }, bytes).catch((err) =>
        ctx.log.warn({ err, fileId: file.id }, 'a thumbnail could not be stored'),
      );
    return bytes;
  };
  const bytes = queue
    .run(accountOf(ctx.viewer).userId, work, () => waiters.some((isWaiting) => isWaiting()))
    .finally(() => pending.delete(key));
  pending.set(key, { bytes, waiters });
  return bytes;
}

/** Stores a thumbnail, and deletes the oldest ones for it when there are too many. */
async function store(ctx: Context, key: ThumbnailKey, bytes: Uint8Array): Promise<void> {
  const replaced = await addThumbnail(ctx, key, bytes.length);
  for (const { blobKey, name } of replaced) await ctx.storage.deleteDerived(blobKey, name);
  const fits = !replaced.some(({ blobKey, name }) => blobKey === key.blobKey && name === key.name);
  if (fits) await ctx.storage.storeDerived(key.blobKey, key.name, bytes);
}

async function make(ctx: Context, file: Row<File>, box: Box): Promise<Uint8Array> {
  // A thumbnail of another size may have failed while this one was queued.
  if ((unreadable.get(file.blobKey) ?? 0) > Date.now()) throw unreadableImage(file);
  const { maxImagePixels: maxPixels, maxImageMemory: maxMemory } = ctx.limits;
  await using blob = await ctx.storage.open(file.blobKey);
  try {
    const request = { ...box, size: file.size, maxPixels, maxMemory };
    return await makeThumbnail(request, (destination) =>
      blob.send(copyingInto(destination), { start: 0, end: file.size - 1 }),
    );
  } catch (cause) {
    if (!(cause instanceof UnreadableImageError)) throw cause;
    ctx.log.info({ fileId: file.id, reason: cause.message }, 'an image could not be decoded');
    cacheUnreadable(file.blobKey);
    throw unreadableImage(file, { cause });
  }
}

const unreadableImage = (file: Row<File>, options?: ErrorOptions) =>
  new UnsupportedMediaTypeError(`${file.name} cannot be decoded as an image, or is too large.`, options);

function cacheUnreadable(blobKey: string): void {
  unreadable.delete(blobKey);
  unreadable.set(blobKey, Date.now() + UNREADABLE_MS);
  for (const oldest of unreadable.keys()) {
    if (unreadable.size <= MAX_UNREADABLE) return;
    unreadable.delete(oldest);
  }
}

/** Copies each chunk: the storage reuses its buffers while the pipe may still hold them. */
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
