import type { IncomingMessage } from 'node:http';
import {
  AttacheError,
  BadUserInputError,
  ConflictError,
  PayloadTooLargeError,
  RequestTimeoutError,
} from '../../errors.ts';
import type { Claim, CreateReceiver, ReceiveOutcome } from '../../uploads/receive.ts';
import { type Pace, TransferClock } from './transfer-clock.ts';

/**
 * Yields a body chunk by chunk. Only the time spent waiting for the client counts against `pace`.
 * A caller may stop early and still respond.
 *
 * Throws `RequestTimeoutError` when the body comes more slowly than `pace` allows,
 * `BadUserInputError` when the client disconnects before the end, and `ConflictError` when `signal`
 * is aborted.
 */
export async function* readChunks(request: IncomingMessage, pace: Pace, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const clock = new TransferClock(pace);
  const chunks = request.iterator({ destroyOnReturn: false });
  try {
    for (;;) {
      clock.wait();
      const { done, value } = await withDeadline(clock, chunks.next(), signal);
      if (done) return;
      clock.received(value.length);
      yield value;
    }
  } finally {
    // Not awaited: after a timeout, `return` resolves only when the pending chunk arrives.
    void chunks.return?.();
  }
}

/** Resolves with `next`, or rejects when `clock` runs out or `signal` is aborted before. */
async function withDeadline<T>(clock: TransferClock, next: Promise<T>, signal?: AbortSignal): Promise<T> {
  const interrupted = Promise.withResolvers<never>();
  const onAbort = () =>
    interrupted.reject(new ConflictError('A newer request for the same upload interrupted this one.'));
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort);
  const onTimeout = () => interrupted.reject(new RequestTimeoutError(clock.reason));
  const timer = setTimeout(onTimeout, Math.max(0, clock.remainingMs));
  try {
    return await Promise.race([next, interrupted.promise]);
  } catch (error) {
    if (error instanceof AttacheError) throw error;
    throw new BadUserInputError('The client disconnected before the end of its request.');
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

export interface BodyOptions {
  /** The largest body, in bytes. */
  limit: number;
  pace: Pace;
  /** A sentence for the error of a larger body: what to do instead. */
  hint?: string | undefined;
  /**
   * Called with each chunk; the next one is read after the promise, if any, has resolved. An error
   * from it ends the reading.
   */
  onChunk?(chunk: Buffer): Promise<void> | undefined;
}

/**
 * Reads a body of at most `limit` bytes into memory. Throws `PayloadTooLargeError`, what
 * `readChunks` throws, and what `onChunk` throws.
 */
export async function readBody(
  request: IncomingMessage,
  { limit, pace, hint = '', onChunk }: BodyOptions,
): Promise<Buffer> {
  const tooLarge = () =>
    new PayloadTooLargeError(`The body of this request may have at most ${limit} bytes. ${hint}`.trim(), limit);
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of readChunks(request, pace)) {
    size += chunk.length;
    if (size > limit) throw tooLarge();
    const ready = onChunk?.(chunk);
    if (ready) await ready;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Receives a body that is one file. A file that breaks a limit is returned as a failure. Throws
 * what `readChunks` throws; then the received bytes are deleted.
 */
export async function receiveBody(
  request: IncomingMessage,
  claim: Claim,
  { createReceiver, pace }: { createReceiver: CreateReceiver; pace: Pace },
): Promise<ReceiveOutcome> {
  const receiver = createReceiver(claim);
  try {
    for await (const chunk of readChunks(request, pace)) {
      if (!receiver.write(chunk)) await receiver.drained();
      if (receiver.failure) break;
    }
    return { filename: claim.name, file: await receiver.end() };
  } catch (error) {
    await receiver.abort();
    if (error instanceof AttacheError && error === receiver.failure) return { filename: claim.name, failure: error };
    throw error;
  }
}
