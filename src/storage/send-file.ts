import { read } from 'node:fs';
import type { Writable } from 'node:stream';
import type { ByteRange } from './storage.ts';

const BUFFER_BYTES = 1024 * 1024;
const BUFFERS = 3;

/** Buffers that are kept for reuse: a new one of their size costs more than reading into it. */
const MAX_SPARE = 12;
const spare: Buffer[] = [];

/**
 * Sends a range of an open file to a stream at the pace of its reader.
 *
 * Three buffers rotate: one is filled from the disk while the others wait for the socket. Each is
 * reused as soon as the socket has accepted it. That costs a third of a stock read stream, and
 * bounds the memory that a stalled reader holds.
 */
export function sendFile(fd: number, { start, end }: ByteRange, destination: Writable): Promise<void> {
  return whileOpen(destination, async (closed) => {
    const bufferBytes = Math.min(BUFFER_BYTES, end - start + 1);
    const buffers: Buffer[] = [];
    const sent: Promise<void>[] = [];
    for (let position = start, index = 0; position <= end; index = (index + 1) % BUFFERS) {
      await Promise.race([sent[index], closed]);
      const buffer = buffers[index] ?? acquireBuffer(bufferBytes);
      buffers[index] = buffer;
      const bytes = await readAt(fd, buffer, Math.min(bufferBytes, end - position + 1), position);
      if (bytes === 0) throw new Error('The stored bytes end before the range does.');
      position += bytes;
      const writing = writeTo(destination, bytes === bufferBytes ? buffer : buffer.subarray(0, bytes));
      writing.catch(() => {}); // awaited when its buffer is needed again
      sent[index] = writing;
    }
    await Promise.race([Promise.all(sent), closed]);
    // Only now: when a download is aborted, the socket may still hold some of them.
    for (const buffer of buffers) if (buffer.length === BUFFER_BYTES && spare.length < MAX_SPARE) spare.push(buffer);
  });
}

/**
 * Runs `send`, which gets a promise that rejects when the destination is closed before `send` ends;
 * `onClose` is called at that moment.
 */
export async function whileOpen(
  destination: Writable,
  send: (closed: Promise<never>) => Promise<void>,
  onClose: (error: Error) => void = () => {},
): Promise<void> {
  const { promise: closed, reject } = Promise.withResolvers<never>();
  closed.catch(() => {});
  const close = () => {
    const error = new Error('The reader disconnected.');
    reject(error);
    onClose(error);
  };
  destination.once('close', close);
  if (destination.destroyed) close();
  try {
    await send(closed);
  } finally {
    destination.off('close', close);
  }
}

const acquireBuffer = (bytes: number) => (bytes === BUFFER_BYTES && spare.pop()) || Buffer.allocUnsafeSlow(bytes);

function readAt(fd: number, buffer: Buffer, length: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(fd, buffer, 0, length, position, (error, bytes) => (error ? reject(error) : resolve(bytes)));
  });
}

/** Resolves when the destination has accepted the bytes, and their memory may be used again. */
export function writeTo(destination: Writable, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    destination.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}
