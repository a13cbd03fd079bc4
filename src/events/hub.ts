import DataLoader from 'dataloader';
import type { Viewer } from '../auth/permissions.ts';
import type { EntityManager } from '../database/database.ts';
import { CursorExpiredError, RateLimitedError } from '../errors.ts';
import { AccessChanges } from './access-changes.ts';
import { type ConnectionProbe, ConnectionProbes } from './connection-probes.ts';
import { formatEventCursor, parseEventCursor } from './cursor.ts';
import type { Events, SubscribeOptions } from './events.ts';
import { Feed, MAX_BUFFERED } from './feed.ts';
import { FrameCache } from './frame-cache.ts';
import type { SharedRenders } from './group-renderer.ts';
import { type LogRange, readEventRanges, readTopicBounds, type TopicBounds } from './log-reader.ts';
import type { AccessChange } from './log-writer.ts';
import { PageCache } from './page-cache.ts';
import { RenderQueue } from './render-queue.ts';
import type { Subscriber } from './subscriber.ts';
import { createSubscriberAccessLoader } from './subscriber-access-loader.ts';
import { Subscription } from './subscription.ts';
import { SubscriptionIndex } from './subscription-index.ts';
import { ACCESS_TOPIC, type Topic } from './topic.ts';
import type { OpenRequest } from './usage-counter.ts';
import type { Lease, UsageLimiter } from './usage-limiter.ts';

/** Numbers the subscriptions without a query key, so that each has a key of its own. */
let withoutKey = 0;

export interface HubOptions {
  epoch: string;
  em(): EntityManager;
  /** How long a client may read nothing before its subscription ends, in milliseconds. */
  timeoutMs: number;
  limiter: UsageLimiter;
  /** Called when new events were read, with the age of the oldest of them. */
  onRead?: ((lagMs: number) => void) | undefined;
  /** Reports that the log may have new entries. */
  wake(): void;
  /** Resolves when `advance` has handled every entry that was committed before the call. */
  catchUp(): Promise<void>;
}

/**
 * Delivers the entries of the log to the subscribers of this node. Everything that it delivers was
 * read from the log.
 */
export class EventHub implements Events, Disposable {
  readonly epoch: string;
  readonly wake: () => void;
  /** How often events were read from the log, for tests. */
  reads = 0;
  readonly #em: () => EntityManager;
  readonly #timeoutMs: number;
  readonly #limiter: UsageLimiter;
  readonly #probes = new ConnectionProbes();
  readonly #catchUp: () => Promise<void>;
  readonly #onRead: HubOptions['onRead'];
  readonly #shared: SharedRenders = { queue: new RenderQueue(), frames: new FrameCache() };
  readonly #feeds = new Map<Topic, Feed>();
  readonly #subscriptions = new SubscriptionIndex();
  readonly #pages: PageCache;
  readonly #bounds: DataLoader<Topic, TopicBounds | undefined>;
  readonly #accessLoader = createSubscriberAccessLoader();
  readonly #accessChanges: AccessChanges;
  #isDisposed = false;

  constructor({ epoch, em, timeoutMs, limiter, onRead, wake, catchUp }: HubOptions) {
    this.#onRead = onRead;
    this.epoch = epoch;
    this.#em = em;
    this.#timeoutMs = timeoutMs;
    this.#limiter = limiter;
    this.wake = wake;
    this.#catchUp = catchUp;
    this.#accessChanges = new AccessChanges(em);
    this.#accessChanges.listen((change) => this.#checkAccess(change));
    this.#pages = new PageCache((ranges) => this.#read(ranges));
    this.#bounds = new DataLoader(
      async (topics) => {
        const found = await readTopicBounds(em(), topics);
        return topics.map((topic) => found.get(topic));
      },
      { cache: false },
    );
  }

  /** Skips the access changes up to now. To be called once, before the first subscription. */
  async start(): Promise<void> {
    this.#accessChanges.skipTo((await this.#bounds.load(ACCESS_TOPIC))?.head ?? 0);
  }

  async subscribe(
    topic: Topic,
    subscriber: Subscriber,
    { after, queryKey = `unshared ${withoutKey++}`, hasOwnConnection: isConnection = false }: SubscribeOptions = {},
  ): Promise<Subscription> {
    const since = after === undefined ? undefined : parseEventCursor(after, { epoch: this.epoch, topic });
    const lease = await this.#acquire(subscriber.viewer, { isConnection, rendering: `${topic} ${queryKey}` });
    const feed = this.#openFeed(topic);
    const { userId } = subscriber.viewer;
    const subscription = new Subscription(subscriber, feed, {
      epoch: this.epoch,
      timeoutMs: this.#timeoutMs,
      onEnd: () => {
        lease[Symbol.dispose]();
        this.#subscriptions.delete(subscription, userId);
        this.#closeFeed(feed);
      },
    });
    this.#subscriptions.add(subscription, userId);
    if (this.#isDisposed) subscription.end();
    try {
      await feed.ready;
      // The client may have the cursor from another node, which is ahead of this one.
      if (since !== undefined && since > feed.head) await this.#catchUp();
      // Access is loaded after the subscription is in the index and the head is known: everything
      // up to the head was written while the viewer had access, and an access change from now on is
      // handled before the events that follow it.
      const access = await this.#accessLoader.load({ topic, subscriber });
      if (since !== undefined && !feed.canResumeAfter(since)) throw new CursorExpiredError();
      subscription.begin(since ?? feed.head, access);
      return subscription;
    } catch (error) {
      subscription.end(error);
      throw error;
    }
  }

  /**
   * Counts a connection that a viewer is about to open. Throws `RateLimitedError` at the limit of
   * connections.
   */
  connect(viewer: Viewer): Promise<Lease> {
    return this.#acquire(viewer, { isConnection: true });
  }

  /** Registers how dead connections are found, until the result is disposed of. */
  onLimit(probe: ConnectionProbe): Disposable {
    return this.#probes.add(probe);
  }

  async cursorOf(topic: Topic, seq?: number): Promise<string> {
    return formatEventCursor({ epoch: this.epoch, topic, seq: seq ?? (await this.#bounds.load(topic))?.head ?? 0 });
  }

  /**
   * Handles new entries: `heads` has the number of the last entry of each topic that has new ones.
   * Access changes are handled first: events written after a user lost access are not delivered to
   * that user.
   */
  async advance(heads: ReadonlyMap<Topic, number>): Promise<void> {
    await this.#accessChanges.advance(heads.get(ACCESS_TOPIC) ?? 0);
    const behind = [...heads].flatMap(([topic, head]) => {
      const feed = this.#feeds.get(topic);
      return feed && feed.head < head ? [{ feed, head }] : [];
    });
    const ranges = behind.map(({ feed, head }) => {
      const after = Math.max(feed.head, head - MAX_BUFFERED);
      return { topic: feed.topic, after, limit: head - after };
    });
    const events = behind.length > 0 ? await this.#read(ranges) : [];
    const oldest = Math.min(...events.flatMap(([first]) => first?.at.getTime() ?? []));
    if (Number.isFinite(oldest)) this.#onRead?.(Date.now() - oldest);
    for (const [index, { feed, head }] of behind.entries()) {
      if (feed.head < head) feed.advance(head, events[index] ?? []);
    }
  }

  /** Registers a callback for every access change, until the result is disposed of. */
  onAccessChange(callback: (change: AccessChange) => void): Disposable {
    return this.#accessChanges.listen(callback);
  }

  /** Handles an access change that is not in the log, such as the expiry of a key. */
  accessChanged(change: AccessChange): void {
    this.#accessChanges.report(change);
  }

  /** The number of open subscriptions. */
  get size(): number {
    return this.#subscriptions.size;
  }

  /** Ends every subscription without an error. */
  [Symbol.dispose](): void {
    this.#isDisposed = true;
    for (const subscription of this.#subscriptions.all()) subscription.end();
  }

  async #acquire(viewer: Viewer, request: OpenRequest): Promise<Lease> {
    try {
      return await this.#limiter.acquire(viewer, request);
    } catch (error) {
      const isFull = error instanceof RateLimitedError;
      if (!isFull || !(await this.#probes.closeDead(viewer.userId))) throw error;
      return this.#limiter.acquire(viewer, request);
    }
  }

  /** Pauses the affected subscriptions at once, until their access was loaded again. */
  #checkAccess(change: AccessChange): void {
    for (const subscription of this.#subscriptions.affectedBy(change)) {
      const { topic } = subscription;
      subscription.checkAccess((subscriber) => this.#accessLoader.load({ topic, subscriber }));
    }
  }

  #read(ranges: readonly LogRange[]) {
    this.reads += 1;
    return readEventRanges(this.#em(), ranges);
  }

  #openFeed(topic: Topic): Feed {
    const known = this.#feeds.get(topic);
    const feed = known ?? new Feed(topic, this.#pages, this.#bounds.load(topic), this.#shared);
    this.#feeds.set(topic, feed);
    feed.subscriptions += 1;
    return feed;
  }

  #closeFeed(feed: Feed): void {
    feed.subscriptions -= 1;
    if (feed.subscriptions > 0) return;
    feed.close();
    this.#feeds.delete(feed.topic);
  }
}
