import type { Viewer } from '../auth/permissions.ts';
import { SubscriberTooSlowError } from '../errors.ts';
import { toCursor } from './cursor.ts';
import type { FileEvent } from './event.ts';
import type { Feed } from './feed.ts';
import type { Frame, FrameSink, FrameSource, Render } from './frame.ts';
import { FrameStream } from './frame-stream.ts';
import { BATCH_SIZE, type SubscriptionGroup, viewerKey } from './subscription-group.ts';
import type { Topic } from './topic.ts';

let unshared = 0;

/** How a listener stands to a topic. */
export interface SubscriberAccess {
  viewer: Viewer;
  isEditor: boolean;
}

/** Who listens, and what of the topic is for them. */
export interface Subscriber {
  viewer: Viewer;
  /** Looks up whether it may listen, and how; rejects, with the error that ends the subscription, when not. */
  loadAccess(): Promise<SubscriberAccess>;
  /** Whether an event is one of those asked for. Does not depend on who listens. */
  wants(event: FileEvent): boolean;
  /** Whether one who stands so may know of an event. */
  canReceive(event: FileEvent, standing: SubscriberAccess): boolean;
}

export interface SubscriptionOptions {
  epoch: string;
  /** How long one that does not read is waited for. */
  timeoutMs: number;
  onEnd(): void;
}

/**
 * One subscription to one topic. It is told everything after its position, once and in order: from the log until it is up
 * to date, then together with its group. Whoever reads too slowly, or whose rights may have changed, leaves the group, and comes
 * back by way of the log.
 */
export class Subscription implements AsyncIterable<FileEvent>, FrameSource {
  readonly #listener: Subscriber;
  #standing: SubscriberAccess;
  #viewerKey = '';
  readonly #feed: Feed;
  readonly #epoch: string;
  readonly #patienceMs: number;
  readonly #onEnd: () => void;
  #group: SubscriptionGroup | undefined;
  #receiver: FrameSink | undefined;
  /** Checks of the rights under way. While there are any, nothing is told. */
  #checks = 0;
  /** How many checks there have been. */
  #asked = 0;
  #isReading = false;
  #ending: { reason: unknown } | undefined;
  /** The number of the last event that is done with. */
  position = 0;

  constructor(listener: Subscriber, feed: Feed, { epoch, timeoutMs: patienceMs, onEnd }: SubscriptionOptions) {
    this.#listener = listener;
    this.#standing = { viewer: listener.viewer, isEditor: false };
    this.#feed = feed;
    this.#epoch = epoch;
    this.#patienceMs = patienceMs;
    this.#onEnd = onEnd;
  }

  get viewer(): Viewer {
    return this.#standing.viewer;
  }

  /** It begins after this number, for one who stands so. */
  begin(position: number, standing: SubscriberAccess): void {
    this.position = position;
    // A check that began meanwhile knows better.
    if (this.#asked === 0) this.#stand(standing);
  }

  /** For whom events are put into words. */
  get viewerKey(): string {
    return this.#viewerKey;
  }

  get topic(): Topic {
    return this.#feed.topic;
  }

  #stand(standing: SubscriberAccess): void {
    this.#standing = standing;
    this.#viewerKey = viewerKey(standing.viewer);
  }

  /** Where it is. */
  get cursor(): string {
    return toCursor({ epoch: this.#epoch, topic: this.#feed.topic, seq: this.position });
  }

  /** The events as they are, for whoever puts them into words without sharing. */
  async *[Symbol.asyncIterator](): AsyncGenerator<FileEvent> {
    const words = `events ${unshared++}`;
    const render: Render = async (event) => ({ result: event, bytes: Buffer.alloc(0), cursor: '', isShared: true });
    for await (const { result } of new FrameStream(this, words, render)) yield result as FileEvent;
  }

  /** Begins to tell. `words` is what was asked for: those who asked for the same share what `render` makes of it. */
  start(words: string, render: Render, receiver: FrameSink): void {
    this.#receiver = receiver;
    if (this.#ending) {
      receiver.end(this.#ending.reason);
      return;
    }
    const { wants } = this.#listener;
    this.#group = this.#feed.join(words, async (event, viewer) => (wants(event) ? render(event, viewer) : undefined));
    void this.catchUp();
  }

  /** Takes what the group is told, as far as it is new; what is not for the listener is left out. */
  deliver(events: readonly FileEvent[], frames: readonly (Frame | undefined)[]): void {
    const last = events.at(-1)?.seq ?? 0;
    if (this.#ending || last <= this.position) return;
    const own: Frame[] = [];
    const places: number[] = [];
    for (let index = 0; index < events.length; index++) {
      const event = events[index] as FileEvent;
      const frame = frames[index];
      if (!frame || event.seq <= this.position || !this.#listener.canReceive(event, this.#standing)) continue;
      own.push(frame);
      places.push(event.seq);
    }
    const taken = own.length > 0 ? (this.#receiver?.take(own) ?? 0) : 0;
    const next = places[taken];
    this.position = next === undefined ? last : next - 1;
    if (next === undefined) return;
    this.#group?.leave(this);
    void this.catchUp();
  }

  /** Reads the log until there is nothing new, then joins the group. */
  async catchUp(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      while (this.#group && !this.#ending && this.#checks === 0) {
        // A piece at a time, each when the one before it is gone: many who catch up together fill no memory.
        await this.#waitForRoom();
        const events = (this.#feed.buffered(this.position) ?? (await this.#feed.after(this.position))).slice(
          0,
          BATCH_SIZE,
        );
        if (this.#checks > 0 || this.#ending) break;
        if (events.length === 0) return this.#group.join(this);
        const asked = this.#asked;
        const frames = await this.#group.frames(events, this.viewer);
        // What was put into words before a check is not told after it.
        if (asked === this.#asked) this.deliver(events.slice(0, frames.length), frames);
      }
    } catch (error) {
      this.end(error);
    } finally {
      this.#isReading = false;
    }
  }

  async #waitForRoom(): Promise<void> {
    const room = this.#receiver?.room();
    if (!room) return;
    const patience = Promise.withResolvers<never>();
    let before = this.#receiver?.progress;
    const timer = setInterval(() => {
      if (this.#receiver?.progress === before) patience.reject(new SubscriberTooSlowError());
      before = this.#receiver?.progress;
    }, this.#patienceMs).unref();
    try {
      await Promise.race([room, patience.promise]);
    } finally {
      clearInterval(timer);
    }
  }

  /** Tells nothing more until the rights were found to be there still. */
  checkAgain(look: (listener: Subscriber) => Promise<SubscriberAccess>): void {
    this.#checks += 1;
    this.#asked += 1;
    const asked = this.#asked;
    this.#group?.leave(this);
    look(this.#listener).then(
      (standing) => {
        this.#checks -= 1;
        // Of several, the last to begin knows best.
        if (asked === this.#asked) this.#stand(standing);
        void this.catchUp();
      },
      (error) => this.end(error),
    );
  }

  /** Ends it, for a reason that the listener is told, if there is one. */
  end(reason?: unknown): void {
    if (this.#ending) return;
    this.#ending = { reason };
    this.#group?.leave(this);
    if (this.#group) this.#feed.leave(this.#group);
    this.#onEnd();
    this.#receiver?.end(reason);
  }
}
