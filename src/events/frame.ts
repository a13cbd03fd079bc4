import type { Viewer } from '../auth/permissions.ts';
import type { FileEvent } from './event.ts';

/** An event as it is sent to the subscribers that share a query. */
export interface Frame {
  /** The result of the subscription's query. */
  result: object;
  /** The same as bytes, made once for all subscribers, in the form in which most of them are sent it. */
  bytes: Buffer;
  /** The cursor of the event. */
  cursor: string;
  /** Whether the result is the same for every viewer of the group. */
  isShared: boolean;
}

/** Makes the frame of an event for one viewer; undefined when the subscription does not ask for such events. */
export type Render = (event: FileEvent, viewer: Viewer) => Promise<Frame | undefined>;

/** Where a subscription delivers its frames: a WebSocket, or a stream of server-sent events. */
export interface FrameSink {
  /** Takes frames, in order, as far as there is room, and answers how many. After fewer than all, none come until `room`. */
  take(frames: readonly Frame[]): number;
  /** Resolves when nearly all that was taken was sent; undefined when it was. */
  room(): Promise<unknown> | undefined;
  /** Grows as long as the client reads what was taken. */
  readonly progress: number;
  /** Ends the delivery, with an error, or without one because the server stops. */
  end(reason: unknown): void;
}

/** What delivers frames to a sink. */
export interface FrameSource {
  /** The position after which it begins. */
  readonly cursor: string;
  start(queryKey: string, render: Render, sink: FrameSink): void;
  end(reason?: unknown): void;
}
