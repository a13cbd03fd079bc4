import type { IncomingMessage } from 'node:http';
import { type Pace, TransferClock } from '../body/transfer-clock.ts';

/** What a form does with its body. */
export interface BodyConsumer {
  onChunk(chunk: Buffer): void;
  /** The body is complete. */
  onEnd(): void;
  /** The client disconnected, or the connection failed. */
  onError(error: unknown): void;
  /** The body came more slowly than its pace allows; `reason` is for the client. */
  onTimeout(reason: string): void;
  /** Whether no more chunks can be accepted for now. */
  isBlocked(): boolean;
}

/**
 * Reads the body of a form: pauses the request while its consumer is blocked or waits for
 * something, and counts only the other time against the pace.
 */
export class BodyFlow {
  readonly #request: IncomingMessage;
  readonly #consumer: BodyConsumer;
  readonly #clock: TransferClock;
  #timer: NodeJS.Timeout;
  #pendingWaits = 0;
  #isStopped = false;

  /** The time limit starts at once. */
  constructor(request: IncomingMessage, pace: Pace, consumer: BodyConsumer) {
    this.#request = request;
    this.#consumer = consumer;
    this.#clock = new TransferClock(pace);
    this.#timer = setTimeout(() => this.#checkTime(), this.#clock.remainingMs);
  }

  /** Starts to read. */
  start(): void {
    const { onEnd, onError } = this.#consumer;
    this.#request.on('data', (chunk: Buffer) => this.#onData(chunk));
    this.#clock.wait();
    this.#request.once('end', () => this.#isStopped || onEnd());
    this.#request.on('error', onError);
    // Bytes that were received but not read yet are lost when the connection closes.
    const onClose = () => this.#request.readableEnded || onError(new Error('The client disconnected.'));
    this.#request.once('close', onClose);
    // `close` was emitted already when the client disconnected before the form was read.
    if (this.#request.destroyed) onClose();
  }

  /** Calls the consumer no more, and leaves the rest of the body unread. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** Pauses until the promise resolves. When it rejects, the consumer gets the error. */
  waitFor(promise: Promise<unknown>): void {
    this.#pendingWaits += 1;
    promise.then(
      () => {
        this.#pendingWaits -= 1;
        this.update();
      },
      (error) => this.#consumer.onError(error),
    );
  }

  /** Pauses or resumes the request; called after `isBlocked` may have changed. */
  update(): void {
    if (this.#isStopped) return;
    if (this.#pendingWaits > 0 || this.#consumer.isBlocked()) {
      this.#clock.stop();
      this.#request.pause();
    } else {
      this.#clock.wait();
      this.#request.resume();
    }
  }

  #onData(chunk: Buffer): void {
    if (this.#isStopped) return;
    this.#clock.received(chunk.length);
    this.#consumer.onChunk(chunk);
    this.update();
  }

  #checkTime(): void {
    const remaining = this.#clock.remainingMs;
    if (remaining <= 0) this.#consumer.onTimeout(this.#clock.reason);
    else this.#timer = setTimeout(() => this.#checkTime(), remaining);
  }
}
