import type { Socket } from 'node:net';
import type { GraphQLError } from 'graphql';
import { CloseCode } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { AttacheError, DatabaseUnavailableError, SubscriberTooSlowError, UnauthenticatedError } from '../../errors.ts';
import type { Frame, FrameSink } from '../../events/frame.ts';
import { firstFragment } from './frame.ts';
import { TRY_AGAIN_LATER } from './transport.ts';

/** Bytes that may wait for one socket. What comes after them waits in the log. */
const MAX_BUFFERED = 256 * 1024;

/** Bytes that are copied together, for a socket that takes them at once, rather than given to the kernel one by one. */
const SMALL = 4096;

/** Codes beyond the protocol's own, of the kind that its clients answer by connecting again. */
const RESUME = 4410;
/** How long one that was too slow may take to hear why it is cut off. */
const GOODBYE_MS = 1000;

export interface WebSocketSinkOptions {
  socket: WebSocket;
  /** What the WebSocket is carried by. */
  raw: Socket;
  /** Of the operation. */
  id: string;
  /** Ends the subscription. */
  stop(): void;
  /** Puts into words why it ended. */
  tell(reason: unknown): GraphQLError;
}

/**
 * Tells one operation of a WebSocket its events. The bytes of an event are made once for all that ask for the same;
 * here they get the id of the operation before them, as the first of two fragments, and what comes together is written
 * together. Fragments are written past the WebSocket, which would make two more buffers of each for every socket: it
 * neither compresses nor masks, so what it sends is never half written.
 *
 * For the protocol it is a stream that tells nothing, and ends when the subscription does.
 */
export class WebSocketSink implements FrameSink, AsyncGenerator<never, undefined, undefined> {
  readonly #socket: WebSocket;
  readonly #raw: Socket;
  readonly #beginning: Buffer;
  readonly #stop: () => void;
  readonly #tell: (reason: unknown) => GraphQLError;
  readonly #ended = Promise.withResolvers<IteratorResult<never, undefined>>();

  constructor({ socket, raw, id, stop, tell }: WebSocketSinkOptions) {
    this.#socket = socket;
    this.#raw = raw;
    this.#tell = tell;
    this.#beginning = firstFragment(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
    this.#stop = stop;
    this.#ended.promise.catch(() => {}); // told by whoever asks for the next
  }

  take(frames: readonly Frame[]): number {
    // Who is leaving comes back with a cursor, or not at all.
    if (this.#socket.readyState !== this.#socket.OPEN) return frames.length;
    const bytes = frames.reduce((sum, frame) => sum + this.#beginning.length + frame.bytes.length, 0);
    if (bytes <= SMALL && this.#raw.writableLength === 0) {
      this.#raw.write(this.#together(frames, bytes));
      return frames.length;
    }
    let taken = 0;
    this.#raw.cork();
    for (const { bytes } of frames) {
      if (this.#socket.bufferedAmount > MAX_BUFFERED) break;
      this.#raw.write(this.#beginning);
      this.#raw.write(bytes);
      taken += 1;
    }
    this.#raw.uncork();
    return taken;
  }

  #together(frames: readonly Frame[], length: number): Buffer {
    const together = Buffer.allocUnsafe(length);
    let at = 0;
    for (const { bytes } of frames) {
      at += this.#beginning.copy(together, at);
      at += bytes.copy(together, at);
    }
    return together;
  }

  /** Bytes that the kernel took. */
  get progress(): number {
    return this.#raw.bytesWritten - this.#raw.writableLength;
  }

  whenDrained(): Promise<void> | undefined {
    return this.#isFull() ? this.#drained() : undefined;
  }

  async #drained(): Promise<void> {
    while (this.#isFull()) await new Promise((resolve) => this.#raw.once('drain', resolve));
  }

  /** Whether something still waits that the kernel did not take. */
  #isFull(): boolean {
    return this.#socket.bufferedAmount > this.#raw.writableHighWaterMark && !this.#raw.destroyed;
  }

  end(reason: unknown): void {
    this.#stop();
    if (reason === undefined) this.#ended.resolve({ done: true, value: undefined });
    else {
      this.#close(reason);
      this.#ended.reject(this.#tell(reason));
    }
  }

  /** What ends more than the one operation ends the connection, with a code that says whether to come back. */
  #close(reason: unknown): void {
    if (!(reason instanceof AttacheError) || reason instanceof DatabaseUnavailableError)
      this.#socket.close(TRY_AGAIN_LATER, 'Resume with your cursor');
    else if (reason instanceof UnauthenticatedError) this.#socket.close(CloseCode.Unauthorized, reason.code);
    else if (reason instanceof SubscriberTooSlowError) {
      this.#socket.close(RESUME, 'Too slow: resume with your cursor');
      setTimeout(() => this.#socket.terminate(), GOODBYE_MS).unref();
    }
  }

  next(): Promise<IteratorResult<never, undefined>> {
    return this.#ended.promise;
  }

  async return(): Promise<IteratorResult<never, undefined>> {
    this.#stop();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<never, undefined>> {
    this.#stop();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop();
  }
}
