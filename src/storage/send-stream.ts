import type { Readable, Writable } from 'node:stream';
import { StorageUnavailableError } from '../errors.ts';
import { writeTo } from './send-file.ts';

/** What a store sends: a stream that ends after `length` bytes, and is given up when nothing comes for `patienceMs`. */
export interface Sent {
  stream: Readable;
  length: number;
  patienceMs: number;
}

/**
 * Sends such a stream to another, which takes bytes at its own pace and stays open. Fulfils when all of them were taken.
 * Throws when either side fails, and when there are more or fewer.
 */
export async function sendStream(source: Sent, destination: Writable): Promise<void> {
  const { stream } = source;
  const { promise: gone, reject } = Promise.withResolvers<never>();
  gone.catch(() => {});
  const leave = () => {
    const error = new Error('The reader went away.');
    reject(error);
    stream.destroy(error);
  };
  destination.once('close', leave);
  if (destination.destroyed) leave();
  let last: Promise<void> | undefined;
  try {
    for await (const chunk of streamChunks(source)) {
      last = writeTo(destination, chunk);
      last.catch(() => {}); // told below
      if (destination.writableNeedDrain) await Promise.race([last, gone]);
    }
    await Promise.race([last, gone]);
  } catch (error) {
    if (!destination.destroyed && !destination.errored) throw error;
    throw new Error('The reader went away.', { cause: error });
  } finally {
    destination.off('close', leave);
  }
}

/**
 * The chunks of such a stream. Only the wait for the store counts, and not that for whoever uses them. Throws `StorageUnavailableError` when it
 * breaks off, stalls, or has more bytes or fewer.
 */
export async function* streamChunks({ stream, length, patienceMs }: Sent): AsyncGenerator<Buffer> {
  const stalled = () => stream.destroy(new Error(`The store sent nothing for ${patienceMs} ms.`));
  let came = 0;
  let patience = setTimeout(stalled, patienceMs);
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      clearTimeout(patience);
      came += chunk.length;
      if (came > length) break;
      yield chunk;
      patience = setTimeout(stalled, patienceMs);
    }
    if (came !== length) throw new Error(`The store sent ${came} bytes where ${length} were asked for.`);
  } catch (cause) {
    throw new StorageUnavailableError({ cause });
  } finally {
    clearTimeout(patience);
  }
}
