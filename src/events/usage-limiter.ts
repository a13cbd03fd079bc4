import DataLoader from 'dataloader';
import type { Viewer } from '../auth/permissions.ts';
import type { SharedUsage } from './shared-usage.ts';
import { type OpenCounts, type OpenRequest, UsageCounter, type UsageLimits } from './usage-counter.ts';

/**
 * A connection or subscription that counts towards the limits until it is disposed of, once or
 * several times.
 */
export type Lease = Disposable;

/** How old the known usage on other nodes may be. */
const MAX_AGE_MS = 2000;
/** How long reads of it are collected into one statement. */
const BATCH_MS = 25;
/** How often this node sends a heartbeat. */
const HEARTBEAT_MS = 900;

const NOTHING_OPEN: OpenCounts = { connections: 0, subscriptions: 0, distinct: 0 };

/**
 * Limits what one user and one key have open at once, over all sockets and, with `shared`, over all
 * nodes. To need few statements, a node publishes its changes once a second and reads the usage on
 * other nodes only when what it knows is older than `MAX_AGE_MS`. Near a limit, a node first
 * publishes its new lease and then reads: of two nodes that grant a lease at the same time, at
 * least one sees the other's.
 */
export class UsageLimiter {
  readonly #limits: UsageLimits;
  readonly #shared: SharedUsage | undefined;
  readonly #counters = new Map<string, UsageCounter>();
  /** Counters that changed since they were published. */
  readonly #changed = new Set<UsageCounter>();
  readonly #onOtherNodes: DataLoader<UsageCounter, OpenCounts>;
  #publishing: Promise<void> = Promise.resolve();
  #lastHeartbeat = Number.NEGATIVE_INFINITY;

  constructor(limits: UsageLimits, shared?: SharedUsage) {
    this.#limits = limits;
    this.#shared = shared;
    this.#onOtherNodes = new DataLoader((counters) => this.#readOtherNodes(counters), {
      cache: false,
      maxBatchSize: 500,
      batchScheduleFn: (run) => setTimeout(run, BATCH_MS),
    });
  }

  /**
   * Counts something that the viewer opens. Throws `RateLimitedError` when the user or the key is
   * at a limit.
   */
  async acquire({ userId, keyId }: Viewer, request: OpenRequest): Promise<Lease> {
    const counters = [this.#counter(`user:${userId}`, 'user', this.#limits.perUser)];
    if (keyId !== undefined) counters.push(this.#counter(`key:${keyId}`, 'API key', this.#limits.perKey));
    for (const counter of counters) counter.acquiring += 1;
    try {
      return await this.#acquire(counters, request);
    } finally {
      for (const counter of counters) {
        counter.acquiring -= 1;
        this.#deleteIfUnused(counter);
      }
    }
  }

  async #acquire(counters: readonly UsageCounter[], request: OpenRequest): Promise<Lease> {
    // Before a refusal, the usage is read again: something may have been closed on another node.
    const isStale = (counter: UsageCounter) =>
      performance.now() - counter.refreshedAt > MAX_AGE_MS || counter.isFullFor(request);
    await this.#refresh(counters.filter(isStale));
    for (const counter of counters) counter.assertCanOpen(request);
    for (const counter of counters) this.#count(counter, request, 1);
    let isOpen = true;
    const release = () => {
      if (isOpen) for (const counter of counters) this.#count(counter, request, -1);
      isOpen = false;
    };
    try {
      await this.#refresh(counters.filter(({ isNearLimit }) => isNearLimit));
      if (this.#shared) for (const counter of counters) counter.assertWithinLimits();
    } catch (error) {
      release();
      throw error;
    }
    return { [Symbol.dispose]: release };
  }

  /**
   * Publishes to the other nodes what changed here since the last time, and sends a heartbeat when
   * it is due.
   */
  publish(): Promise<void> {
    this.#publishing = this.#publishing.catch(() => {}).then(() => this.#publishNow());
    return this.#publishing;
  }

  /** What a user has open on this node. */
  usageOf(userId: number): OpenCounts {
    return this.#counters.get(`user:${userId}`)?.usage ?? NOTHING_OPEN;
  }

  #counter(id: string, label: string, limits: OpenCounts): UsageCounter {
    const counter = this.#counters.get(id) ?? new UsageCounter(id, label, limits);
    this.#counters.set(id, counter);
    return counter;
  }

  #count(counter: UsageCounter, request: OpenRequest, change: 1 | -1): void {
    counter.count(request, change);
    if (this.#shared) this.#changed.add(counter);
    this.#deleteIfUnused(counter);
  }

  #deleteIfUnused(counter: UsageCounter): void {
    if (counter.isEmpty && counter.acquiring === 0) this.#counters.delete(counter.id);
  }

  /** Reads what the counters have open on other nodes. */
  async #refresh(counters: readonly UsageCounter[]): Promise<void> {
    if (!this.#shared || counters.length === 0) return;
    const found = await this.#onOtherNodes.loadMany(counters);
    for (const [index, usage] of found.entries()) {
      if (usage instanceof Error) throw usage;
      counters[index]?.refresh(usage, performance.now());
    }
  }

  async #readOtherNodes(counters: readonly UsageCounter[]): Promise<OpenCounts[]> {
    const distinct = [...new Set(counters)];
    if (distinct.some((counter) => counter.isNearLimit)) await this.publish();
    const found = await (this.#shared as SharedUsage).ofOtherNodes(distinct.map(({ id }) => id));
    return counters.map(({ id }) => found.get(id) ?? NOTHING_OPEN);
  }

  async #publishNow(): Promise<void> {
    if (!this.#shared) return;
    const counters = (await this.#isUnknown(this.#shared))
      ? new Set([...this.#counters.values(), ...this.#changed])
      : new Set(this.#changed);
    // A counter that was deleted and created again is another object with the same id: the newer
    // one is published.
    const usages = new Map([...counters].map(({ id }) => [id, this.#openOf(id)]));
    this.#changed.clear();
    try {
      if (usages.size > 0) await this.#shared.publish(usages);
    } catch (error) {
      for (const counter of counters) this.#changed.add(counter);
      this.#lastHeartbeat = Number.NEGATIVE_INFINITY;
      throw error;
    }
  }

  #openOf(id: string): OpenCounts | undefined {
    const counter = this.#counters.get(id);
    return counter?.isEmpty ? undefined : counter?.usage;
  }

  /**
   * Sends a heartbeat when it is due. Returns whether the database did not know this node, as after
   * it expired: then everything has to be published again.
   */
  async #isUnknown(shared: SharedUsage): Promise<boolean> {
    const now = performance.now();
    if (now - this.#lastHeartbeat < HEARTBEAT_MS) return false;
    const isUnknown = await shared.sendHeartbeat();
    this.#lastHeartbeat = now;
    return isUnknown;
  }
}
