import sharp, { type Metadata, type SharpOptions } from 'sharp';
import type { ThumbnailReply, ThumbnailRequest } from './decoder-protocol.ts';
import { ENDING_BYTES, endJpeg, isTruncatedJpeg } from './truncated-jpeg.ts';

/**
 * The process that makes thumbnails, one at a time. A hostile image can crash its decoder, make it
 * loop or allocate gigabytes: that then happens here and not in the server, which starts another
 * process when this one ends.
 */

/** The enabled decoders. All others are blocked, so that no image reaches them. */
const loaders = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif', 'Tiff'].map((format) => `VipsForeignLoad${format}Buffer`);

/**
 * How often the memory is checked. A decoder can exceed the limit by some megabytes between two
 * checks.
 */
const WATCH_MS = 5;

sharp.cache(false);
sharp.concurrency(1);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: loaders });

// The server has ended. Without this, a decoder in another thread would keep the process alive.
process.on('disconnect', killSelf);
process.on('message', (request: ThumbnailRequest) => void handle(request));

function killSelf(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('unreachable');
}

async function handle(request: ThumbnailRequest): Promise<void> {
  const bytes = await readInput(request.size);
  const watch = setInterval(() => {
    if (process.memoryUsage.rss() > request.maxMemory) killSelf();
  }, WATCH_MS);
  try {
    const thumbnail = await thumbnailOf(bytes, request);
    send({ thumbnail });
  } catch (error) {
    send({ unreadable: String((error as Error).message) });
  } finally {
    clearInterval(watch);
  }
}

function send(result: { thumbnail: Uint8Array } | { unreadable: string }): void {
  process.send?.({ ...result, residentBytes: process.memoryUsage.rss() } satisfies ThumbnailReply);
}

/** Reads the image into a buffer that has `ENDING_BYTES` of spare capacity behind it. */
async function readInput(size: number): Promise<Buffer> {
  const bytes = Buffer.alloc(size + ENDING_BYTES).subarray(0, size);
  let position = 0;
  while (position < size) {
    const chunk: Buffer | null = process.stdin.read();
    if (chunk) position += chunk.copy(bytes, position);
    else await new Promise((resolve) => process.stdin.once('readable', resolve));
  }
  return bytes;
}

async function thumbnailOf(bytes: Buffer, request: ThumbnailRequest): Promise<Buffer> {
  const { maxPixels, maxMemory, timeoutSeconds } = request;
  const options = { limitInputPixels: maxPixels, failOn: 'error', pages: 1 } as const;
  const metadata = await sharp(bytes, options).metadata();
  const needed = minDecodedBytes(metadata);
  const free = maxMemory - process.memoryUsage.rss();
  if (needed > free) throw new Error(`Decoding needs ${needed} bytes of memory, and ${free} are available.`);
  try {
    return await shrink(bytes, request, options);
  } catch (error) {
    const ended = isTruncatedJpeg(error) && (await endJpeg(bytes, metadata, { ...options, timeoutSeconds }));
    if (!ended) throw error;
    return shrink(ended, request, options);
  }
}

function shrink(
  bytes: Buffer,
  { width, height, timeoutSeconds }: ThumbnailRequest,
  options: SharpOptions,
): Promise<Buffer> {
  return sharp(bytes, options)
    .timeout({ seconds: timeoutSeconds })
    .autoOrient()
    .resize({ width, height, fit: 'inside', withoutEnlargement: true })
    .webp()
    .toBuffer();
}

const sampleBytes: Record<string, number> = {
  ...{ char: 1, uchar: 1, short: 2, ushort: 2, int: 4, uint: 4, float: 4, complex: 8, double: 8, dpcomplex: 16 },
};

/**
 * Returns the least memory, in bytes, that the decoder needs for an image. Formats that are decoded
 * row by row need almost none (their memory is checked while they are decoded). The others need all
 * pixels, and AVIF several copies of them: measured with sharp 0.35, 14 bytes per pixel in 4:2:0,
 * 18 in 4:4:4, and 24 with 10 bits.
 */
function minDecodedBytes({ format, width, height, channels, depth, isProgressive }: Metadata): number {
  const pixels = width * height * channels * (sampleBytes[depth] ?? 1);
  if (format === 'heif') return pixels * 4;
  if (format === 'gif') return pixels;
  return isProgressive ? pixels : 0;
}
