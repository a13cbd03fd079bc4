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
 * A body as it comes. Throws `RequestTimeoutError` when it comes more slowly than `pace` allows while it is waited for, `BadUserInputError`
 * when the client is gone before its end, and `ConflictError` when `signal` says that nobody wants it any more. Who stops
 * reading earlier may still answer.
 */
export async function* chunksOf(request: IncomingMessage, pace: Pace, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const clock = new TransferClock(pace);
  const chunks = request.iterator({ destroyOnReturn: false });
  try {
    for (;;) {
      clock.wait();
      const { done, value } = await within(clock, chunks.next(), signal);
      if (done) return;
      clock.received(value.length);
      yield value;
    }
  } finally {
    void chunks.return?.(); // waits for what is still to come, if that is what was given up
  }
}

async function within<T>(clock: TransferClock, next: Promise<T>, signal?: AbortSignal): Promise<T> {
  const late = Promise.withResolvers<never>();
  const stop = () => late.reject(new ConflictError('Another request for the same came, and this one is given up.'));
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop);
  const timer = setTimeout(() => late.reject(new RequestTimeoutError(clock.reason)), Math.max(0, clock.remainingMs));
  try {
    return await Promise.race([next, late.promise]);
  } catch (error) {
    if (error instanceof AttacheError) throw error;
    throw new BadUserInputError('The client went away in the middle of its request.');
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

export interface BodyOptions {
  /** Bytes of the body. */
  limit: number;
  pace: Pace;
  /** What to do with more than that, as a sentence. */
  hint?: string | undefined;
  /** Looks at each chunk before the next is read; what it throws, or its promise rejects with, ends the reading. */
  onChunk?(chunk: Buffer): Promise<void> | undefined;
}

/** Reads a body of at most `limit` bytes. Throws `PayloadTooLargeError`, what `chunksOf` does, and what `onChunk` throws. */
export async function readBody(
  request: IncomingMessage,
  { limit, pace, hint = '', onChunk }: BodyOptions,
): Promise<Buffer> {
  const tooLarge = () =>
    new PayloadTooLargeError(`The body of this request may have at most ${limit} bytes. ${hint}`.trim(), limit);
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunksOf(request, pace)) {
    size += chunk.length;
    if (size > limit) throw tooLarge();
    const wait = onChunk?.(chunk);
    if (wait) await wait;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Receives a body that is one file. Throws what `chunksOf` does; then nothing of it is left. */
export async function receiveBody(
  request: IncomingMessage,
  claim: Claim,
  { createReceiver, pace }: { createReceiver: CreateReceiver; pace: Pace },
): Promise<ReceiveOutcome> {
  const receiver = createReceiver(claim);
  try {
    for await (const chunk of chunksOf(request, pace)) {
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
