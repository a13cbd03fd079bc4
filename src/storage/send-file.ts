import { read } from 'node:fs';
import type { Writable } from 'node:stream';
import type { ByteRange } from './storage.ts';

const BUFFER_BYTES = 1024 * 1024;
const BUFFERS = 3;

/** Buffers that wait to be used again: new ones of their size cost more than what is read into them. */
const SPARE = 12;
const spare: Buffer[] = [];

/**
 * Sends a range of an open file to a stream that takes bytes at its own pace.
 *
 * Three buffers go round: one is being filled from the disk while the others wait for the socket. They are used again
 * as soon as the socket has taken them, which costs a third of what a stock read stream does, and bounds the memory
 * that a stalled reader can hold.
 */
export async function sendFile(fd: number, { start, end }: ByteRange, destination: Writable): Promise<void> {
  const { promise: gone, reject } = Promise.withResolvers<never>();
  gone.catch(() => {});
  const leave = () => reject(new Error('The reader went away.'));
  destination.once('close', leave);
  if (destination.destroyed) leave();
  try {
    const bufferBytes = Math.min(BUFFER_BYTES, end - start + 1);
    const buffers: Buffer[] = [];
    const sent: Promise<void>[] = [];
    for (let position = start, turn = 0; position <= end; turn = (turn + 1) % BUFFERS) {
      await Promise.race([sent[turn], gone]);
      const buffer = buffers[turn] ?? takeBuffer(bufferBytes);
      buffers[turn] = buffer;
      const bytes = await readAt(fd, buffer, Math.min(bufferBytes, end - position + 1), position);
      if (bytes === 0) throw new Error('The stored bytes end before the range does.');
      position += bytes;
      const writing = writeTo(destination, bytes === bufferBytes ? buffer : buffer.subarray(0, bytes));
      writing.catch(() => {}); // told when its turn comes round
      sent[turn] = writing;
    }
    await Promise.race([Promise.all(sent), gone]);
    // Only now: of one that broke off, the socket may still hold some.
    for (const buffer of buffers) if (buffer.length === BUFFER_BYTES && spare.length < SPARE) spare.push(buffer);
  } finally {
    destination.off('close', leave);
  }
}

const takeBuffer = (bytes: number) => (bytes === BUFFER_BYTES && spare.pop()) || Buffer.allocUnsafeSlow(bytes);

function readAt(fd: number, buffer: Buffer, length: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(fd, buffer, 0, length, position, (error, bytes) => (error ? reject(error) : resolve(bytes)));
  });
}

/** Resolves when the destination has taken the bytes, and their memory may be used again. */
export function writeTo(destination: Writable, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    destination.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}
