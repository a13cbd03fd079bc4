import type { Viewer } from '../auth/permissions.ts';
import type { FileEvent } from './event.ts';

/** An event as it is sent to the subscribers that share a query. */
export interface Frame {
  /** The result of the subscription's query. */
  result: object;
  /**
   * The same result as the WebSocket transport sends it, encoded once for all of its subscribers.
   */
  bytes: Buffer;
  /** The cursor of the event. */
  cursor: string;
  /** Whether the result is the same for every viewer of the group. */
  isShared: boolean;
}

/**
 * Makes the frame of an event for one viewer; undefined when the subscription does not select such
 * events.
 */
export type Render = (event: FileEvent, viewer: Viewer) => Promise<Frame | undefined>;

/** Where a subscription delivers its frames: a WebSocket, or a stream of server-sent events. */
export interface FrameSink {
  /**
   * Accepts frames from the start of the list while its buffer is not full, and returns how many it
   * accepted. When it accepted fewer than all, the caller waits for `whenDrained` before it offers
   * more.
   */
  take(frames: readonly Frame[]): number;
  /** Resolves when nearly all accepted frames were sent; undefined when they were sent already. */
  whenDrained(): Promise<unknown> | undefined;
  /** A number that grows while the client reads, by which a stalled client is detected. */
  readonly progress: number;
  /** Ends the delivery with an error, or with undefined when the server stops. */
  end(reason: unknown): void;
}

/** A subscription, as a sink sees it. */
export interface FrameSource {
  /** The cursor after which it starts. */
  readonly cursor: string;
  /**
   * Starts the delivery. Subscriptions of one topic with the same `queryKey` share what `render`
   * returns.
   */
  start(queryKey: string, render: Render, sink: FrameSink): void;
  /** Ends the delivery; `reason` is the error that the sink receives, if any. */
  end(reason?: unknown): void;
}
