import type { Viewer } from '../auth/permissions.ts';
import type { FileEvent } from './event.ts';
import type { Frame, Render } from './frame.ts';
import type { FrameCache } from './frame-cache.ts';
import type { Job, RenderQueue } from './render-queue.ts';
import { viewerKey } from './viewer-key.ts';

/** Bytes of one batch of frames: after a frame that exceeds them, no further one is rendered. */
const BATCH_BYTES = 128 * 1024;
/** Frames that a group caches for subscriptions that catch up, and for how long. */
const MAX_FRAMES = 1024;
const CACHE_MS = 10_000;

/**
 * The first render of an event, which serves all viewers unless the result depends on the viewer.
 */
interface FirstRender {
  /** `viewerKey` of the viewer for whom it was rendered. */
  viewerKey: string;
  job: Job<Frame | undefined>;
  /** The frame, once it is in the shared cache. */
  frame?: Frame;
}

/** What all groups of a node share. */
export interface SharedRenders {
  queue: RenderQueue;
  frames: FrameCache;
}

/**
 * Renders the events of one group, each once for all viewers, or once for each where the result
 * depends on the viewer.
 */
export class GroupRenderer {
  readonly #render: Render;
  readonly #shared: SharedRenders;
  /** By number of the event. */
  readonly #renders = new Map<number, FirstRender>();
  #clearing: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(render: Render, shared: SharedRenders) {
    this.#render = render;
    this.#shared = shared;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#clearing);
    this.#clear();
  }

  /**
   * Renders events for a viewer one after the other, until the frames exceed `maxBytes`: the result
   * may be shorter than the list. Each render waits in the queue of the node.
   */
  async frames(events: readonly FileEvent[], viewer: Viewer, maxBytes = BATCH_BYTES): Promise<(Frame | undefined)[]> {
    const frames: (Frame | undefined)[] = [];
    let bytes = 0;
    for (const event of events) {
      if (bytes > maxBytes) break;
      const frame = await this.#frame(event, viewer);
      frames.push(frame);
      bytes += frame?.bytes.length ?? 0;
    }
    return frames;
  }

  async #frame(event: FileEvent, viewer: Viewer): Promise<Frame | undefined> {
    const first = this.#renders.get(event.seq) ?? this.#startFirst(event, viewer);
    this.#shared.queue.join(first.job, viewer.userId);
    const frame = await first.job.result;
    const isUsable = !frame || frame.isShared || first.viewerKey === viewerKey(viewer);
    return isUsable ? frame : this.#enqueue(event, viewer).result;
  }

  #enqueue(event: FileEvent, viewer: Viewer): Job<Frame | undefined> {
    return this.#shared.queue.add(viewer.userId, () => this.#render(event, viewer));
  }

  #startFirst(event: FileEvent, viewer: Viewer): FirstRender {
    const first: FirstRender = { viewerKey: viewerKey(viewer), job: this.#enqueue(event, viewer) };
    this.#renders.set(event.seq, first);
    first.job.result.then(
      (frame) => this.#cache(event.seq, first, frame),
      () => this.#delete(event.seq, first),
    );
    const [oldest] = this.#renders.entries();
    if (this.#renders.size > MAX_FRAMES && oldest) this.#delete(...oldest);
    this.#clearing ??= setTimeout(() => {
      this.#clearing = undefined;
      this.#clear();
    }, CACHE_MS).unref();
    return first;
  }

  /**
   * Caches a frame that is the same for all viewers. One of a single viewer depends on permissions
   * that may change.
   */
  #cache(seq: number, first: FirstRender, frame: Frame | undefined): void {
    if (!frame || this.#isClosed || this.#renders.get(seq) !== first) return;
    if (!frame.isShared) {
      this.#renders.delete(seq);
      return;
    }
    first.frame = frame;
    this.#shared.frames.add(frame, () => this.#delete(seq, first));
  }

  #delete(seq: number, first: FirstRender): void {
    if (this.#renders.get(seq) === first) this.#renders.delete(seq);
    if (first.frame) this.#shared.frames.delete(first.frame);
  }

  #clear(): void {
    for (const [seq, first] of this.#renders) this.#delete(seq, first);
  }
}
