import DataLoader from 'dataloader';
import pLimit from 'p-limit';
import type { Viewer } from '../auth/permissions.ts';
import type { EntityManager } from '../database/open.ts';
import { CursorExpiredError } from '../errors.ts';
import { seqIn, toCursor } from './cursor.ts';
import { Feed, MAX_BUFFERED } from './feed.ts';
import { FrameCache } from './frame-cache.ts';
import {
  type AccessChange,
  type LogRange,
  readAccessChanges,
  readLog,
  type TopicBounds,
  topicBoundsOf,
} from './log.ts';
import { PageCache } from './page-cache.ts';
import { RenderQueue } from './render-queue.ts';
import { type Subscriber, type SubscriberAccess, Subscription } from './subscription.ts';
import type { SharedRenders } from './subscription-group.ts';
import { ACCESS, type Topic } from './topic.ts';
import type { Lease, UsageLimiter } from './usage-limiter.ts';

/** Checks of rights at once: when everybody's are looked at, the database has other things to do as well. */
const CHECKS = 20;
/** Changes of access that are read at once. */
const CHANGES = 1000;

/** Numbers those that share no renders. */
let unshared = 0;

/** What rules know of the events: how to say that there are new ones, and how to follow them. */
export interface Events {
  /** Which log it is. */
  readonly epoch: string;
  /** Something was written to the log. Answers at once. */
  wake(): void;
  /**
   * Follows a topic, from now on or after a cursor. Throws what the listener's first check throws, `BadInput` for a
   * cursor that is none of this topic, `CursorExpiredError` for one after which something is no longer kept, and `RateLimitedError` when
   * the user or the key of the listener has as many subscriptions as it may.
   */
  subscribe(topic: Topic, listener: Subscriber, options?: SubscribeOptions): Promise<Subscription>;
  /** The cursor of where a topic ends now, or of the number `seq` in it. */
  cursorOf(topic: Topic, seq?: number): Promise<string>;
}

export interface SubscribeOptions {
  /** The cursor after which to begin; now, without one. */
  after?: string | undefined;
  /** What is asked for: subscriptions of one topic with the same key share their renders. Without a key, it shares none. */
  queryKey?: string | undefined;
  /** Whether the subscription has a connection of its own, which counts as one. */
  hasOwnConnection?: boolean | undefined;
}

export interface HubOptions {
  epoch: string;
  em(): EntityManager;
  /** How long one that does not read is waited for. */
  timeoutMs: number;
  limiter: UsageLimiter;
  /** Asks for the log to be looked at. */
  wake(): void;
  /** Fulfils when everything is known that was written before. */
  catchUp(): Promise<void>;
}

/** A look at how a listener stands to a topic. */
interface AccessQuery {
  topic: Topic;
  listener: Subscriber;
}

/** Tells those who are connected to this node what happens. The log is the truth: everything that is told was read there. */
export class EventHub implements Events, Disposable {
  readonly epoch: string;
  readonly wake: () => void;
  readonly #em: () => EntityManager;
  readonly #patienceMs: number;
  readonly #limiter: UsageLimiter;
  readonly #shared: SharedRenders = { renders: new RenderQueue(), frames: new FrameCache() };
  readonly #feeds = new Map<Topic, Feed>();
  readonly #byUser = new Map<number, Set<Subscription>>();
  readonly #byTopic = new Map<Topic, Set<Subscription>>();
  readonly #lookAtLog: () => Promise<void>;
  readonly #pages: PageCache;
  readonly #extents: DataLoader<Topic, TopicBounds | undefined>;
  readonly #looks: DataLoader<AccessQuery, SubscriberAccess>;
  readonly #whenAccessChanges = new Set<(change: AccessChange) => void>();
  /** Reads of the log for those who follow it. */
  reads = 0;
  #isDisposed = false;
  #accessHead = 0;

  constructor({ epoch, em, timeoutMs: patienceMs, limiter, wake, catchUp: look }: HubOptions) {
    this.epoch = epoch;
    this.#em = em;
    this.#patienceMs = patienceMs;
    this.#limiter = limiter;
    this.wake = wake;
    this.#lookAtLog = look;
    this.#pages = new PageCache((stretches) => this.#read(stretches));
    this.#looks = new DataLoader(loadAccessBatch, { cache: false, batchScheduleFn: (run) => setImmediate(run) });
    this.#extents = new DataLoader(
      async (topics) => {
        const found = await topicBoundsOf(em(), topics);
        return topics.map((topic) => found.get(topic));
      },
      { cache: false },
    );
  }

  /** Changes of access up to now are known to whoever comes later. To be called once, before anybody is served. */
  async start(): Promise<void> {
    this.#accessHead = (await this.#extents.load(ACCESS))?.head ?? 0;
  }

  async subscribe(
    topic: Topic,
    listener: Subscriber,
    { after, queryKey = `unshared ${unshared++}`, hasOwnConnection: isConnection = false }: SubscribeOptions = {},
  ): Promise<Subscription> {
    const since = after === undefined ? undefined : seqIn(after, { epoch: this.epoch, topic });
    const lease = await this.#limiter.acquire(listener.viewer, { isConnection, rendering: `${topic} ${queryKey}` });
    const feed = this.#feedOf(topic);
    const subscription = new Subscription(listener, feed, {
      epoch: this.epoch,
      timeoutMs: this.#patienceMs,
      onEnd: () => {
        lease[Symbol.dispose]();
        this.#forget(subscription, userId, feed);
      },
    });
    const { userId } = listener.viewer;
    add(this.#byUser, userId, subscription);
    add(this.#byTopic, topic, subscription);
    if (this.#isDisposed) subscription.end();
    try {
      await feed.ready;
      // Another node may have told the client of what this one has not seen yet.
      if (since !== undefined && since > feed.head) await this.#lookAtLog();
      // First followed, and known how far it goes, then asked: whatever is told was written before the right was there,
      // and one that is lost later is taken note of before what is written after it.
      const standing = await this.#look(topic, listener);
      if (since !== undefined && !feed.reaches(since)) throw new CursorExpiredError();
      subscription.begin(since ?? feed.head, standing);
      return subscription;
    } catch (error) {
      subscription.end(error);
      throw error;
    }
  }

  /** Counts a connection of a viewer that is about to be used. Throws `RateLimitedError` when there are as many as there may be. */
  connect(viewer: Viewer): Promise<Lease> {
    return this.#limiter.acquire(viewer, { isConnection: true });
  }

  async cursorOf(topic: Topic, seq?: number): Promise<string> {
    return toCursor({ epoch: this.epoch, topic, seq: seq ?? (await this.#extents.load(topic))?.head ?? 0 });
  }

  /** Takes note of how far topics go now. Rights come first: what was written after they were lost is not told. */
  async advance(heads: ReadonlyMap<Topic, number>): Promise<void> {
    await this.#seeAccess(heads.get(ACCESS) ?? 0);
    const followed = [...heads].flatMap(([topic, head]) => {
      const feed = this.#feeds.get(topic);
      return feed && feed.head < head ? [{ feed, head }] : [];
    });
    const stretches = followed.map(({ feed, head }) => {
      const after = Math.max(feed.head, head - MAX_BUFFERED);
      return { topic: feed.topic, after, limit: head - after };
    });
    const events = followed.length > 0 ? await this.#read(stretches) : [];
    for (const [index, { feed, head }] of followed.entries()) {
      if (feed.head < head) feed.advance(head, events[index] ?? []);
    }
  }

  /** Calls back whenever somebody's rights have changed. */
  onAccessChange(callback: (change: AccessChange) => void): Disposable {
    this.#whenAccessChanges.add(callback);
    return { [Symbol.dispose]: () => this.#whenAccessChanges.delete(callback) };
  }

  /** From this moment on nothing is told to those concerned until they were found to be allowed still. */
  accessChanged(change: AccessChange): void {
    const concerned = 'userId' in change ? this.#byUser.get(change.userId) : this.#byTopic.get(change.topic);
    for (const subscription of concerned ?? []) {
      subscription.checkAgain((listener) => this.#look(subscription.topic, listener));
    }
    for (const callback of this.#whenAccessChanges) callback(change);
  }

  /** Subscriptions now open. */
  get size(): number {
    return [...this.#byTopic.values()].reduce((sum, some) => sum + some.size, 0);
  }

  /** Ends every subscription, without a reason. */
  [Symbol.dispose](): void {
    this.#isDisposed = true;
    for (const some of [...this.#byTopic.values()]) for (const subscription of [...some]) subscription.end();
  }

  #look(topic: Topic, listener: Subscriber): Promise<SubscriberAccess> {
    return this.#looks.load({ topic, listener });
  }

  async #seeAccess(head: number): Promise<void> {
    while (this.#accessHead < head) {
      const changes = await readAccessChanges(this.#em(), this.#accessHead, CHANGES);
      for (const change of changes) this.accessChanged(change);
      this.#accessHead = changes.length < CHANGES ? head : this.#accessHead + CHANGES;
    }
  }

  #read(stretches: readonly LogRange[]) {
    this.reads += 1;
    return readLog(this.#em(), stretches);
  }

  #feedOf(topic: Topic): Feed {
    const known = this.#feeds.get(topic);
    const feed = known ?? new Feed(topic, this.#pages, this.#extents.load(topic), this.#shared);
    this.#feeds.set(topic, feed);
    feed.followers += 1;
    return feed;
  }

  #forget(subscription: Subscription, userId: number, feed: Feed): void {
    drop(this.#byUser, userId, subscription);
    drop(this.#byTopic, feed.topic, subscription);
    feed.followers -= 1;
    if (feed.followers > 0) return;
    feed.close();
    this.#feeds.delete(feed.topic);
  }
}

/** Of all who ask at once, those with the same key on the same topic are looked up once. */
async function loadAccessBatch(looks: readonly AccessQuery[]): Promise<(SubscriberAccess | Error)[]> {
  const limited = pLimit(CHECKS);
  const found = new Map<string, Promise<SubscriberAccess | Error>>();
  return Promise.all(
    looks.map(({ topic, listener }) => {
      const { keyId, userId } = listener.viewer;
      const who = `${keyId} ${userId} ${topic}`;
      const look = found.get(who) ?? limited(() => listener.loadAccess().catch((error: Error) => error));
      found.set(who, look);
      return look;
    }),
  );
}

function add<Key, Value>(sets: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const set = sets.get(key);
  if (set) set.add(value);
  else sets.set(key, new Set([value]));
}

function drop<Key, Value>(sets: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const set = sets.get(key);
  set?.delete(value);
  if (set?.size === 0) sets.delete(key);
}
