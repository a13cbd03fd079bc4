import type { Frame, FrameSink, FrameSource, Render } from './frame.ts';

/** Frames that wait for one who reads them one by one; beyond it, they wait in the log. */
const WAITING = 64;
/** And their bytes: after a frame that goes over it, no other is taken. */
const WAITING_BYTES = 256 * 1024;

/** A subscription as a stream of frames, for transports that ask for one after the other. */
export class FrameStream implements FrameSink, AsyncIterableIterator<Frame, undefined> {
  /** Where it begins. */
  readonly cursor: string;
  readonly #source: FrameSource;
  readonly #waiting: Frame[] = [];
  /** Of the frames that wait. */
  #bytes = 0;
  #reader: PromiseWithResolvers<IteratorResult<Frame, undefined>> | undefined;
  #room = Promise.withResolvers<void>();
  /** Frames that were read. */
  progress = 0;
  #ending: { reason: unknown } | undefined;

  constructor(source: FrameSource, words: string, render: Render) {
    this.#source = source;
    this.cursor = source.cursor;
    source.start(words, render, this);
  }

  take(frames: readonly Frame[]): number {
    let taken = 0;
    for (const frame of frames) {
      if (this.#waiting.length >= WAITING || this.#bytes > WAITING_BYTES) break;
      this.#waiting.push(frame);
      this.#bytes += frame.bytes.length;
      taken += 1;
    }
    this.#serve();
    return taken;
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
    this.#bytes = 0;
    this.#source.end();
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
    if (frame) {
      this.progress += 1;
      this.#bytes -= frame.bytes.length;
    }
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
