import type { Frame, FrameSink, FrameSource, Render } from './frame.ts';

/** Frames that a stream buffers until they are read. Further events stay in the log. */
const MAX_FRAMES = 64;
/** Bytes of the buffered frames beyond which no further frame is accepted. */
const MAX_BYTES = 256 * 1024;

/** A subscription as an async iterator of frames, for transports that pull one frame at a time. */
export class FrameStream implements FrameSink, AsyncIterableIterator<Frame, undefined> {
  /** The cursor after which the stream starts. */
  readonly cursor: string;
  readonly #source: FrameSource;
  readonly #buffer: Frame[] = [];
  /** Bytes of the frames in the buffer. */
  #bytes = 0;
  #pendingRead: PromiseWithResolvers<IteratorResult<Frame, undefined>> | undefined;
  #drained = Promise.withResolvers<void>();
  /** The number of frames that were read. */
  progress = 0;
  #ending: { reason: unknown } | undefined;

  constructor(source: FrameSource, queryKey: string, render: Render) {
    this.#source = source;
    this.cursor = source.cursor;
    source.start(queryKey, render, this);
  }

  take(frames: readonly Frame[]): number {
    let taken = 0;
    for (const frame of frames) {
      if (this.#buffer.length >= MAX_FRAMES || this.#bytes > MAX_BYTES) break;
      this.#buffer.push(frame);
      this.#bytes += frame.bytes.length;
      taken += 1;
    }
    this.#resolveRead();
    return taken;
  }

  whenDrained(): Promise<void> | undefined {
    return this.#buffer.length === 0 ? undefined : this.#drained.promise;
  }

  end(reason: unknown): void {
    this.#ending = { reason };
    this.#resolveRead();
  }

  next(): Promise<IteratorResult<Frame, undefined>> {
    const read = Promise.withResolvers<IteratorResult<Frame, undefined>>();
    this.#pendingRead = read;
    this.#resolveRead();
    return read.promise;
  }

  async return(): Promise<IteratorResult<Frame, undefined>> {
    this.#buffer.length = 0;
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

  /**
   * Resolves the pending read with the next frame. After the last frame of an ended subscription,
   * the next read rejects with the reason, if there is one, and every further read is done.
   */
  #resolveRead(): void {
    const read = this.#pendingRead;
    if (!read) return;
    const frame = this.#buffer.shift();
    if (frame) {
      this.progress += 1;
      this.#bytes -= frame.bytes.length;
    }
    if (frame) read.resolve({ done: false, value: frame });
    else if (this.#ending?.reason !== undefined) {
      read.reject(this.#ending.reason);
      this.#ending = { reason: undefined };
    } else if (this.#ending) read.resolve({ done: true, value: undefined });
    else return;
    this.#pendingRead = undefined;
    if (this.#buffer.length > 0) return;
    this.#drained.resolve();
    this.#drained = Promise.withResolvers();
  }
}
