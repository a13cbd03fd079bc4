import type { IncomingMessage } from 'node:http';
import type { Claim, Incoming } from '../attachments/receive.ts';
import { FileReceiver } from '../attachments/receive.ts';
import type { Limits } from '../context.ts';
import { AttacheError, BadInput, Conflict, Timeout, TooLarge } from '../errors.ts';
import type { Storage } from '../storage/storage.ts';

/**
 * A body as it comes. Throws `Timeout` when nothing comes for `idleMs` although it is waited for, and `BadInput` when the
 * client is gone before its end, and `Conflict` when `signal` says that nobody wants it any more. Who stops reading earlier may still answer.
 */
export async function* chunksOf(
  request: IncomingMessage,
  idleMs: number,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  const chunks = request.iterator({ destroyOnReturn: false });
  try {
    for (;;) {
      const { done, value } = await within(idleMs, chunks.next(), signal);
      if (done) return;
      yield value;
    }
  } finally {
    void chunks.return?.(); // waits for what is still to come, if that is what was given up
  }
}

async function within<T>(idleMs: number, next: Promise<T>, signal?: AbortSignal): Promise<T> {
  const idle = Promise.withResolvers<never>();
  const stop = () => idle.reject(new Conflict('Another request for the same came, and this one is given up.'));
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop);
  const timer = setTimeout(
    () => idle.reject(new Timeout(`The request sent nothing for ${idleMs / 1000} seconds.`)),
    idleMs,
  );
  try {
    return await Promise.race([next, idle.promise]);
  } catch (error) {
    if (error instanceof AttacheError) throw error;
    throw new BadInput('The client went away in the middle of its request.');
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

/** Reads a body of at most `limit` bytes. Throws `TooLarge`, and what `chunksOf` does. */
export async function readBody(request: IncomingMessage, limit: number, idleMs: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunksOf(request, idleMs)) {
    size += chunk.length;
    if (size > limit) throw new TooLarge(`The body of this request may have at most ${limit} bytes.`, limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Receives a body that is one file. Throws what `chunksOf` does; then nothing of it is left. */
export async function receiveBody(
  request: IncomingMessage,
  claim: Claim,
  { storage, limits, idleMs }: { storage: Storage; limits: Limits; idleMs: number },
): Promise<Incoming> {
  const receiver = new FileReceiver(storage, limits, claim);
  try {
    for await (const chunk of chunksOf(request, idleMs)) {
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
