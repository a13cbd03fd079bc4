import type { Socket } from 'node:net';
import type { GraphQLError } from 'graphql';
import { CloseCode } from 'graphql-ws';
import type { WebSocket } from 'ws';
import {
  AttacheError,
  DatabaseUnavailableError,
  SubscriberTooSlowError,
  TokenExpiredError,
  UnauthenticatedError,
} from '../../errors.ts';
import type { Frame, FrameSink } from '../../events/frame.ts';
import { CREDENTIALS_EXPIRED, closeForcibly, SUBSCRIBER_TOO_SLOW, TRY_AGAIN_LATER } from './close.ts';
import { firstFragment } from './frame.ts';

/** The most bytes that are buffered for one socket. Further frames stay in the event log. */
const MAX_BUFFERED = 256 * 1024;

/** Fewer bytes are copied into one buffer and written at once, when nothing else is buffered. */
const SMALL_WRITE = 4096;

export interface WebSocketSinkOptions {
  socket: WebSocket;
  /** The connection below the WebSocket. */
  raw: Socket;
  /** The id of the operation. */
  id: string;
  /** Ends the subscription. */
  stop(): void;
  /** Translates the reason of its end for the client. */
  translate(reason: unknown): GraphQLError;
}

/**
 * Sends the events of one operation over a WebSocket. A message has two fragments: the first, with
 * the id of the operation, is made here; the second, the frame, is made once for all subscribers of
 * the same query. Frames that arrive together are written together.
 *
 * Fragments are written to the connection directly: `ws` would copy each of them for every socket.
 * `ws` neither compresses nor masks here, so it never has a message half written.
 *
 * For the protocol library this is a stream without values that ends with the subscription.
 */
export class WebSocketSink implements FrameSink, AsyncGenerator<never, undefined, undefined> {
  readonly #socket: WebSocket;
  readonly #raw: Socket;
  readonly #firstFragment: Buffer;
  readonly #stop: () => void;
  readonly #translate: (reason: unknown) => GraphQLError;
  readonly #ended = Promise.withResolvers<IteratorResult<never, undefined>>();

  constructor({ socket, raw, id, stop, translate }: WebSocketSinkOptions) {
    this.#socket = socket;
    this.#raw = raw;
    this.#translate = translate;
    this.#firstFragment = firstFragment(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
    this.#stop = stop;
    this.#ended.promise.catch(() => {}); // `next` may never be called
  }

  take(frames: readonly Frame[]): number {
    // Frames for a closing socket are dropped: its client resumes from its cursor.
    if (this.#socket.readyState !== this.#socket.OPEN) return frames.length;
    const bytes = frames.reduce((sum, frame) => sum + this.#firstFragment.length + frame.bytes.length, 0);
    if (bytes <= SMALL_WRITE && this.#raw.writableLength === 0) {
      this.#raw.write(this.#joined(frames, bytes));
      return frames.length;
    }
    let taken = 0;
    this.#raw.cork();
    for (const { bytes } of frames) {
      if (this.#socket.bufferedAmount > MAX_BUFFERED) break;
      this.#raw.write(this.#firstFragment);
      this.#raw.write(bytes);
      taken += 1;
    }
    this.#raw.uncork();
    return taken;
  }

  #joined(frames: readonly Frame[], length: number): Buffer {
    const joined = Buffer.allocUnsafe(length);
    let position = 0;
    for (const { bytes } of frames) {
      position += this.#firstFragment.copy(joined, position);
      position += bytes.copy(joined, position);
    }
    return joined;
  }

  /** Bytes that were passed to the kernel. */
  get progress(): number {
    return this.#raw.bytesWritten - this.#raw.writableLength;
  }

  whenDrained(): Promise<void> | undefined {
    return this.#isFull() ? this.#drained() : undefined;
  }

  async #drained(): Promise<void> {
    while (this.#isFull()) await new Promise((resolve) => this.#raw.once('drain', resolve));
  }

  /** Whether more is buffered than one write to the kernel accepts. */
  #isFull(): boolean {
    return this.#socket.bufferedAmount > this.#raw.writableHighWaterMark && !this.#raw.destroyed;
  }

  end(reason: unknown): void {
    this.#stop();
    if (reason === undefined) this.#ended.resolve({ done: true, value: undefined });
    else {
      this.#close(reason);
      this.#ended.reject(this.#translate(reason));
    }
  }

  /** Closes the connection for reasons that concern more than this operation. */
  #close(reason: unknown): void {
    if (!(reason instanceof AttacheError) || reason instanceof DatabaseUnavailableError)
      this.#socket.close(TRY_AGAIN_LATER, 'Resume with your cursor');
    else if (reason instanceof TokenExpiredError) this.#socket.close(CREDENTIALS_EXPIRED, 'The token has expired');
    else if (reason instanceof UnauthenticatedError) this.#socket.close(CloseCode.Unauthorized, reason.code);
    else if (reason instanceof SubscriberTooSlowError) {
      closeForcibly(this.#socket, SUBSCRIBER_TOO_SLOW, 'Too slow: resume with your cursor');
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
