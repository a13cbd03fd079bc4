import { createHash } from 'node:crypto';
import { Writable } from 'node:stream';
import type { BlobWriter, ByteRange, Storage } from '../../src/storage/storage.ts';

/** Bytes without repetition, so that a misplaced one is noticed. One seed gives the same bytes. */
export function bytesOf(length: number, seed = 'seed'): Buffer {
  return length === 0 ? Buffer.alloc(0) : createHash('shake256', { outputLength: length }).update(seed).digest();
}

/** Writes in chunks, and waits for `drained()` when `write()` returns false. */
export async function writeAll(blob: BlobWriter, bytes: Uint8Array, chunkSize = 64 * 1024): Promise<void> {
  for (let offset = 0; offset < bytes.length; offset += chunkSize) {
    if (!blob.write(bytes.subarray(offset, offset + chunkSize))) await blob.drained();
  }
}

/** Stores the bytes and returns their key. */
export async function store(storage: Storage, bytes: Uint8Array, chunkSize?: number): Promise<string> {
  const blob = storage.stage();
  await writeAll(blob, bytes, chunkSize);
  await blob.end();
  return blob.commit();
}

/** Collects what it is sent, one chunk at a time. Chunks are copied: the sender owns the memory. */
export class Collector extends Writable {
  readonly #pieces: Buffer[] = [];

  override _write(piece: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#pieces.push(Buffer.from(piece));
    setImmediate(done);
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#pieces);
  }
}

/** The stored bytes, or a range of them. */
export async function read(storage: Storage, key: string, range?: ByteRange): Promise<Buffer> {
  await using blob = await storage.open(key);
  const collector = new Collector();
  await blob.send(collector, range ?? { start: 0, end: blob.size - 1 });
  return collector.bytes;
}
