import type { Readable, Writable } from 'node:stream';
import { StorageUnavailableError } from '../errors.ts';
import { whileOpen, writeTo } from './send-file.ts';

/** A stream from the store of `length` bytes, which fails when nothing comes for `timeoutMs`. */
export interface StoredStream {
  stream: Readable;
  length: number;
  timeoutMs: number;
}

/**
 * Sends a stored stream to another at the pace of its reader, and leaves it open. Fulfils when all
 * bytes were accepted. Throws when either side fails, and when there are more or fewer bytes.
 */
export async function sendStream(source: StoredStream, destination: Writable): Promise<void> {
  const send = async (closed: Promise<never>) => {
    let last: Promise<void> | undefined;
    for await (const chunk of streamChunks(source)) {
      last = writeTo(destination, chunk);
      last.catch(() => {}); // awaited below
      if (destination.writableNeedDrain) await Promise.race([last, closed]);
    }
    await Promise.race([last, closed]);
  };
  try {
    await whileOpen(destination, send, (error) => source.stream.destroy(error));
  } catch (error) {
    if (!destination.destroyed && !destination.errored) throw error;
    throw new Error('The reader disconnected.', { cause: error });
  }
}

/**
 * The chunks of a stored stream. The time limit is for the store, not for the consumer. Throws
 * `StorageUnavailableError` when the stream breaks off, stalls, or has more or fewer bytes.
 */
export async function* streamChunks({ stream, length, timeoutMs }: StoredStream): AsyncGenerator<Buffer> {
  const stalled = () => stream.destroy(new Error(`The store sent nothing for ${timeoutMs} ms.`));
  let received = 0;
  let timeout = setTimeout(stalled, timeoutMs);
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      clearTimeout(timeout);
      received += chunk.length;
      if (received > length) break;
      yield chunk;
      timeout = setTimeout(stalled, timeoutMs);
    }
    if (received !== length) throw new Error(`The store sent ${received} of the ${length} requested bytes.`);
  } catch (cause) {
    throw new StorageUnavailableError({ cause });
  } finally {
    clearTimeout(timeout);
  }
}
