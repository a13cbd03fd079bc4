import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { Viewer } from '../auth/permissions.ts';
import type { FileEvent } from './event.ts';
import type { Frame, Render } from './frame.ts';
import { GroupRenderer, type SharedRenders } from './group-renderer.ts';
import { viewerKey } from './viewer-key.ts';

/** How long events are collected before they are delivered together. */
const DELAY_MS = 5;
/** Events that are delivered together. */
export const DELIVERY_BATCH_SIZE = 64;
/** How long a delivery to many members may occupy the event loop before it yields. */
const SLICE_MS = 4;

/** The topic whose events a group delivers. */
export interface GroupTopic {
  /** The number of the last event. */
  readonly head: number;
  /**
   * Events after this number that are in memory; undefined when they have to be read from the log.
   */
  buffered(after: number): FileEvent[] | undefined;
}

/** A subscription of the group. */
export interface GroupMember {
  readonly viewer: Viewer;
  /** `viewerKey` of its viewer. */
  readonly viewerKey: string;
  /** The number of the last event that it was delivered. */
  readonly position: number;
  /**
   * Accepts the frames of events. A frame is undefined when the subscription does not select the
   * event.
   */
  deliver(events: readonly FileEvent[], frames: readonly (Frame | undefined)[]): void;
  /** Delivers from the log until it is up to date, and joins the group again. */
  catchUp(): Promise<void>;
}

/**
 * The subscriptions of one topic with the same query. The group renders an event once for all of
 * them, and delivers it together to those that are up to date.
 */
export class SubscriptionGroup {
  /** The key of the query that all members share. */
  readonly queryKey: string;
  /** How many subscriptions belong to the group, up to date or not. */
  members = 0;
  readonly #topic: GroupTopic;
  readonly #shared: SharedRenders;
  readonly #renderer: GroupRenderer;
  /** Members to which everything up to `#delivered` was delivered, and whose sinks are not full. */
  readonly #live = new Set<GroupMember>();
  /** The number of the last event that was delivered to the live members. */
  #delivered = 0;
  #timer: NodeJS.Timeout | undefined;
  #isDelivering = false;

  constructor(topic: GroupTopic, queryKey: string, render: Render, shared: SharedRenders) {
    this.#topic = topic;
    this.queryKey = queryKey;
    this.#shared = shared;
    this.#renderer = new GroupRenderer(render, shared);
  }

  /** Adds a member that is up to date. */
  join(member: GroupMember): void {
    if (this.#live.size === 0) this.#delivered = member.position;
    this.#live.add(member);
  }

  leave(member: GroupMember): void {
    this.#live.delete(member);
  }

  /** Schedules the delivery of new events to the live members. */
  schedule(): void {
    if (this.#live.size > 0 && !this.#isDelivering) this.#timer ??= setTimeout(() => void this.#deliver(), DELAY_MS);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#live.clear();
    this.#renderer.close();
  }

  /** Renders the first of the events for a viewer; see `GroupRenderer.frames`. */
  frames(events: readonly FileEvent[], viewer: Viewer): Promise<(Frame | undefined)[]> {
    return this.#renderer.frames(events, viewer);
  }

  async #deliver(): Promise<void> {
    this.#timer = undefined;
    this.#isDelivering = true;
    try {
      while (this.#live.size > 0 && this.#delivered < this.#topic.head) {
        const events = this.#topic.buffered(this.#delivered)?.slice(0, DELIVERY_BATCH_SIZE);
        if (!events) return this.#detachAll();
        const delivered = await this.#deliverBatch(events);
        this.#delivered = Math.max(this.#delivered, delivered.at(-1)?.seq ?? 0);
      }
    } catch {
      // Each member meets the same error while it catches up, and ends with it.
      this.#detachAll();
    } finally {
      this.#isDelivering = false;
    }
  }

  /** Delivers as many of the events as fit in one batch, and returns them. */
  async #deliverBatch(available: readonly FileEvent[]): Promise<readonly FileEvent[]> {
    const viewers = new Map<string, Viewer>();
    for (const { viewerKey, viewer } of this.#live) viewers.set(viewerKey, viewer);
    // The first render may serve all viewers. A user without other waiting renders gets it done
    // soonest.
    const { queue } = this.#shared;
    const first = viewers.values().find(({ userId }) => !queue.isWaiting(userId)) ?? [...viewers.values()][0];
    if (!first) return available;
    const frames = new Map([[viewerKey(first), await this.#renderer.frames(available, first)]]);
    const events = available.slice(0, frames.get(viewerKey(first))?.length);
    for (const [key, viewer] of viewers)
      if (!frames.has(key)) frames.set(key, await this.#renderer.frames(events, viewer, Number.POSITIVE_INFINITY));
    let sliceStart = performance.now();
    for (const member of this.#live) {
      const own = frames.get(member.viewerKey);
      // A viewer that joined during the rendering has no frames yet.
      if (!own) this.#detach(member);
      else member.deliver(events, own);
      if (performance.now() - sliceStart < SLICE_MS) continue;
      await yieldToEventLoop();
      sliceStart = performance.now();
    }
    return events;
  }

  /**
   * For events that are no longer in memory, or cannot be rendered: each member catches up by
   * itself.
   */
  #detachAll(): void {
    for (const member of [...this.#live]) this.#detach(member);
  }

  #detach(member: GroupMember): void {
    this.#live.delete(member);
    void member.catchUp();
  }
}
