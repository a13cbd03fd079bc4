import type { Readable, Writable } from 'node:stream';
import { StorageUnavailable } from '../errors.ts';
import { writeTo } from './send-file.ts';

/**
 * Sends a stream of a known length to another, which takes bytes at its own pace and stays open. Fulfils when all of them
 * were taken. Throws when either side fails, and when there are more or fewer.
 */
export async function sendStream(source: Readable, destination: Writable, length: number): Promise<void> {
  const { promise: gone, reject } = Promise.withResolvers<never>();
  gone.catch(() => {});
  const leave = () => {
    const error = new Error('The reader went away.');
    reject(error);
    source.destroy(error);
  };
  destination.once('close', leave);
  if (destination.destroyed) leave();
  let sent = 0;
  let last: Promise<void> | undefined;
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      sent += chunk.length;
      last = writeTo(destination, chunk);
      last.catch(() => {}); // told below
      if (destination.writableNeedDrain) await Promise.race([last, gone]);
    }
    await Promise.race([last, gone]);
  } catch (cause) {
    if (destination.destroyed || destination.errored) throw cause;
    throw new StorageUnavailable({ cause });
  } finally {
    destination.off('close', leave);
  }
  if (sent !== length) throw new Error(`The store sent ${sent} bytes where ${length} were asked for.`);
}
