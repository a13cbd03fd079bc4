import type { Viewer } from '../auth/permissions.ts';
import { formatEventCursor } from './cursor.ts';
import type { FileEvent } from './event.ts';
import type { Feed } from './feed.ts';
import type { Frame, FrameSink, FrameSource, Render } from './frame.ts';
import { FrameStream } from './frame-stream.ts';
import type { Subscriber, SubscriberAccess } from './subscriber.ts';
import { DELIVERY_BATCH_SIZE, type SubscriptionGroup } from './subscription-group.ts';
import type { Topic } from './topic.ts';
import { viewerKey } from './viewer-key.ts';
import { waitUntilDrained } from './wait-until-drained.ts';

/** Numbers the iterations over events, whose query keys are unique. */
let iterations = 0;

export interface SubscriptionOptions {
  epoch: string;
  /**
   * How long a sink may make no progress before the subscription ends with
   * `SubscriberTooSlowError`.
   */
  timeoutMs: number;
  onEnd(): void;
}

/**
 * One subscription to one topic. It delivers every event after its position once and in order:
 * first from the log until it is up to date, then together with its group. A subscription whose
 * sink is full, or whose permissions may have changed, leaves the group and catches up from the log
 * before it rejoins.
 */
export class Subscription implements AsyncIterable<FileEvent>, FrameSource {
  readonly #subscriber: Subscriber;
  #access: SubscriberAccess;
  #viewerKey = '';
  readonly #feed: Feed;
  readonly #epoch: string;
  readonly #timeoutMs: number;
  readonly #onEnd: () => void;
  #group: SubscriptionGroup | undefined;
  #sink: FrameSink | undefined;
  /** Access checks in progress. Nothing is delivered while there are any. */
  #checks = 0;
  /** The number of access checks that were started. */
  #checksStarted = 0;
  #isCatchingUp = false;
  #ending: { reason: unknown } | undefined;
  /**
   * The number of the last event that was delivered, or skipped because it is not for this
   * subscriber.
   */
  position = 0;

  constructor(subscriber: Subscriber, feed: Feed, { epoch, timeoutMs, onEnd }: SubscriptionOptions) {
    this.#subscriber = subscriber;
    this.#access = { viewer: subscriber.viewer, isEditor: false };
    this.#feed = feed;
    this.#epoch = epoch;
    this.#timeoutMs = timeoutMs;
    this.#onEnd = onEnd;
  }

  get viewer(): Viewer {
    return this.#access.viewer;
  }

  /** Sets the position and the access with which the subscription begins. */
  begin(position: number, access: SubscriberAccess): void {
    this.position = position;
    // A check that was started meanwhile has, or will have, newer access.
    if (this.#checksStarted === 0) this.#setAccess(access);
  }

  /** `viewerKey` of the viewer. */
  get viewerKey(): string {
    return this.#viewerKey;
  }

  get topic(): Topic {
    return this.#feed.topic;
  }

  #setAccess(access: SubscriberAccess): void {
    this.#access = access;
    this.#viewerKey = viewerKey(access.viewer);
  }

  /** The cursor of the position. */
  get cursor(): string {
    return formatEventCursor({ epoch: this.#epoch, topic: this.#feed.topic, seq: this.position });
  }

  /** Iterates over the events themselves, without rendering them. */
  async *[Symbol.asyncIterator](): AsyncGenerator<FileEvent> {
    const queryKey = `events ${iterations++}`;
    const render: Render = async (event) => ({ result: event, bytes: Buffer.alloc(0), cursor: '', isShared: true });
    for await (const { result } of new FrameStream(this, queryKey, render)) yield result as FileEvent;
  }

  start(queryKey: string, render: Render, sink: FrameSink): void {
    this.#sink = sink;
    if (this.#ending) {
      sink.end(this.#ending.reason);
      return;
    }
    const { wants } = this.#subscriber;
    this.#group = this.#feed.join(queryKey, async (event, viewer) =>
      wants(event) ? render(event, viewer) : undefined,
    );
    void this.catchUp();
  }

  /**
   * Delivers the frames of events after the position, except those that the subscriber may not see.
   */
  deliver(events: readonly FileEvent[], frames: readonly (Frame | undefined)[]): void {
    const last = events.at(-1)?.seq ?? 0;
    if (this.#ending || last <= this.position) return;
    const own: Frame[] = [];
    const seqs: number[] = [];
    for (let index = 0; index < events.length; index++) {
      const event = events[index] as FileEvent;
      const frame = frames[index];
      if (!frame || event.seq <= this.position || !this.#subscriber.canReceive(event, this.#access)) continue;
      own.push(frame);
      seqs.push(event.seq);
    }
    const taken = own.length > 0 ? (this.#sink?.take(own) ?? 0) : 0;
    const next = seqs[taken];
    this.position = next === undefined ? last : next - 1;
    if (next === undefined) return;
    this.#group?.leave(this);
    void this.catchUp();
  }

  /** Delivers from the log until there is nothing new, then joins the group. */
  async catchUp(): Promise<void> {
    if (this.#isCatchingUp) return;
    this.#isCatchingUp = true;
    try {
      while (this.#group && !this.#ending && this.#checks === 0) {
        // One batch at a time, each after the one before was sent: many subscriptions that catch up
        // at once then hold little in memory.
        if (this.#sink) await waitUntilDrained(this.#sink, this.#timeoutMs);
        const available = this.#feed.buffered(this.position) ?? (await this.#feed.readAfter(this.position));
        const events = available.slice(0, DELIVERY_BATCH_SIZE);
        if (this.#checks > 0 || this.#ending) break;
        if (events.length === 0) return this.#group.join(this);
        const checksStarted = this.#checksStarted;
        const frames = await this.#group.frames(events, this.viewer);
        // Frames that were rendered before an access check are not delivered after it.
        if (checksStarted === this.#checksStarted) this.deliver(events.slice(0, frames.length), frames);
      }
    } catch (error) {
      this.end(error);
    } finally {
      this.#isCatchingUp = false;
    }
  }

  /**
   * Pauses the delivery until `load` has returned the current access. Ends the subscription when it
   * rejects.
   */
  checkAccess(load: (subscriber: Subscriber) => Promise<SubscriberAccess>): void {
    this.#checks += 1;
    this.#checksStarted += 1;
    const checksStarted = this.#checksStarted;
    this.#group?.leave(this);
    load(this.#subscriber).then(
      (access) => {
        this.#checks -= 1;
        // Of several concurrent checks, the one that started last has the newest access.
        if (checksStarted === this.#checksStarted) this.#setAccess(access);
        void this.catchUp();
      },
      (error) => this.end(error),
    );
  }

  /**
   * Ends the subscription. `reason` is the error that the sink receives; undefined when there is
   * none.
   */
  end(reason?: unknown): void {
    if (this.#ending) return;
    this.#ending = { reason };
    this.#group?.leave(this);
    if (this.#group) this.#feed.leave(this.#group);
    this.#onEnd();
    this.#sink?.end(reason);
  }
}
