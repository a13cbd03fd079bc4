import sharp, { type Metadata, type SharpOptions } from 'sharp';
import type { Picture, Reply } from './helper-protocol.ts';
import { ENDING_BYTES, endJpeg, isTruncatedJpeg } from './truncated-jpeg.ts';

/**
 * The process that makes thumbnails, one at a time. What a stranger's picture does to its decoder (crash, loop, gigabytes)
 * happens here and not in the server, which starts another process when this one ends.
 */

/** The decoders that are used; what is no picture in one of their formats is not looked at by any other. */
const loaders = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif', 'Tiff'].map((format) => `VipsForeignLoad${format}Buffer`);

/** How often the memory is looked at: a decoder that touches its memory at full speed gets some megabytes further. */
const WATCH_MS = 5;

sharp.cache(false);
sharp.concurrency(1);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: loaders });

// The server has ended. A decoder in another thread would keep this process for as long as it takes.
process.on('disconnect', die);
process.on('message', (picture: Picture) => void answer(picture));

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('unreachable');
}

async function answer(picture: Picture): Promise<void> {
  const bytes = await readInput(picture.size);
  const watch = setInterval(() => {
    if (process.memoryUsage.rss() > picture.maxMemory) die();
  }, WATCH_MS);
  try {
    const thumbnail = await thumbnailOf(bytes, picture);
    send({ thumbnail });
  } catch (error) {
    send({ unreadable: String((error as Error).message) });
  } finally {
    clearInterval(watch);
  }
}

function send(result: { thumbnail: Uint8Array } | { unreadable: string }): void {
  process.send?.({ ...result, residentBytes: process.memoryUsage.rss() } satisfies Reply);
}

/** Answers the bytes, behind which is room for `ENDING_BYTES` more. */
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

async function thumbnailOf(bytes: Buffer, picture: Picture): Promise<Buffer> {
  const { maxPixels, maxMemory, timeoutSeconds } = picture;
  const options = { limitInputPixels: maxPixels, failOn: 'error', pages: 1 } as const;
  const metadata = await sharp(bytes, options).metadata();
  const needed = decodedBytes(metadata);
  const free = maxMemory - process.memoryUsage.rss();
  if (needed > free) throw new Error(`Decoded it would take ${needed} bytes of memory, and ${free} are left.`);
  try {
    return await shrink(bytes, picture, options);
  } catch (error) {
    const ended = isTruncatedJpeg(error) && (await endJpeg(bytes, metadata, { ...options, timeoutSeconds }));
    if (!ended) throw error;
    return shrink(ended, picture, options);
  }
}

function shrink(bytes: Buffer, { width, height, timeoutSeconds }: Picture, options: SharpOptions): Promise<Buffer> {
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
 * The least memory that the decoder takes for a picture, in bytes. Formats that are read row by row take next to none
 * (what their rows take all the same is watched while they are read); the others hold all pixels, AVIF in several
 * copies: measured with sharp 0.35 are 14 bytes a pixel in 4:2:0, 18 in 4:4:4, and 24 with 10 bits.
 */
function decodedBytes({ format, width, height, channels, depth, isProgressive }: Metadata): number {
  const pixels = width * height * channels * (sampleBytes[depth] ?? 1);
  if (format === 'heif') return pixels * 4;
  if (format === 'gif') return pixels;
  return isProgressive ? pixels : 0;
}
