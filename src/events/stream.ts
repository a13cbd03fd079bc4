import type { Frame, Render } from './group.ts';
import type { Receiver, Subscription } from './subscription.ts';

/** Frames that wait for one who reads them one by one; beyond it, they wait in the log. */
const WAITING = 64;

/** A subscription as a stream of frames, for transports that ask for one after the other. */
export class FrameStream implements Receiver, AsyncIterableIterator<Frame, undefined> {
  /** Where it begins. */
  readonly cursor: string;
  readonly #subscription: Subscription;
  readonly #waiting: Frame[] = [];
  #reader: PromiseWithResolvers<IteratorResult<Frame, undefined>> | undefined;
  #room = Promise.withResolvers<void>();
  /** Frames that were read. */
  progress = 0;
  #ending: { reason: unknown } | undefined;

  constructor(subscription: Subscription, words: string, render: Render) {
    this.#subscription = subscription;
    this.cursor = subscription.cursor;
    subscription.start(words, render, this);
  }

  take(frames: readonly Frame[]): number {
    const taken = frames.slice(0, Math.max(0, WAITING - this.#waiting.length));
    this.#waiting.push(...taken);
    this.#serve();
    return taken.length;
  }

  room(): Promise<void> | undefined {
    return this.#waiting.length === 0 ? undefined : this.#room.promise;
  }

  end(reason: unknown): void {
    this.#ending = { reason };
    this.#serve();
  }

  next(): Promise<IteratorResult<Frame, undefined>> {
    const reader = Promise.withResolvers<IteratorResult<Frame, undefined>>();
    this.#reader = reader;
    this.#serve();
    return reader.promise;
  }

  async return(): Promise<IteratorResult<Frame, undefined>> {
    this.#waiting.length = 0;
    this.#subscription.end();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<Frame, undefined>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Gives the one who reads what there is: frames first, then why it ended, then that it ended. */
  #serve(): void {
    const reader = this.#reader;
    if (!reader) return;
    const frame = this.#waiting.shift();
    if (frame) this.progress += 1;
    if (frame) reader.resolve({ done: false, value: frame });
    else if (this.#ending?.reason !== undefined) {
      reader.reject(this.#ending.reason);
      this.#ending = { reason: undefined };
    } else if (this.#ending) reader.resolve({ done: true, value: undefined });
    else return;
    this.#reader = undefined;
    if (this.#waiting.length > 0) return;
    this.#room.resolve();
    this.#room = Promise.withResolvers();
  }
}
