import DataLoader from 'dataloader';
import type { Viewer } from '../auth/permissions.ts';
import type { SharedUsage } from './shared-usage.ts';
import { type OpenCounts, type OpenRequest, UsageCounter, type UsageLimits } from './usage-counter.ts';

/** A place within the limits. Disposing of it, once or several times, frees the place. */
export type Lease = Disposable;

/** How old the usage on other nodes may be. */
const FRESH_MS = 2000;
/** How long requests for it are gathered before they are sent together. */
const GATHER_MS = 25;
/** How often this node says that it is alive. */
const ALIVE_MS = 900;

/**
 * Limits what one user and one key have open at once, over all sockets and, with `shared`, over all nodes. Few openings
 * cost a statement: this node publishes what changed once a second, and asks for the usage on other nodes only when
 * what it knows is old. Near a limit, it first publishes its own new places and then asks, so that of two nodes that
 * grant a place at the same time, at least one knows of the other.
 */
export class UsageLimiter {
  readonly #limits: UsageLimits;
  readonly #shared: SharedUsage | undefined;
  readonly #holders = new Map<string, UsageCounter>();
  readonly #changed = new Set<UsageCounter>();
  readonly #elsewhere: DataLoader<UsageCounter, OpenCounts>;
  #publishing: Promise<void> = Promise.resolve();
  #aliveAt = Number.NEGATIVE_INFINITY;

  constructor(limits: UsageLimits, shared?: SharedUsage) {
    this.#limits = limits;
    this.#shared = shared;
    this.#elsewhere = new DataLoader((holders) => this.#askOthers(holders), {
      cache: false,
      maxBatchSize: 500,
      batchScheduleFn: (run) => setTimeout(run, GATHER_MS),
    });
  }

  /** Takes a place. Throws `RateLimitedError` when the user or the key has as many as it may. */
  async acquire({ userId, keyId }: Viewer, opening: OpenRequest): Promise<Lease> {
    const holders = [this.#holder(`user:${userId}`, 'user', this.#limits.perUser)];
    if (keyId !== undefined) holders.push(this.#holder(`key:${keyId}`, 'API key', this.#limits.perKey));
    for (const holder of holders) holder.acquiring += 1;
    try {
      return await this.#acquire(holders, opening);
    } finally {
      for (const holder of holders) {
        holder.acquiring -= 1;
        this.#forgetIfUnused(holder);
      }
    }
  }

  async #acquire(holders: readonly UsageCounter[], opening: OpenRequest): Promise<Lease> {
    // Nobody is refused because of what has ended elsewhere meanwhile.
    const isUnsure = (holder: UsageCounter) =>
      performance.now() - holder.askedAt > FRESH_MS || holder.fullKind(opening) !== undefined;
    await this.#ask(holders.filter(isUnsure));
    for (const holder of holders) holder.assertRoom(opening);
    for (const holder of holders) this.#count(holder, opening, 1);
    let isOpen = true;
    const release = () => {
      if (isOpen) for (const holder of holders) this.#count(holder, opening, -1);
      isOpen = false;
    };
    try {
      await this.#ask(holders.filter(({ isNearLimit }) => isNearLimit));
      if (this.#shared) for (const holder of holders) holder.assertWithin();
    } catch (error) {
      release();
      throw error;
    }
    return { [Symbol.dispose]: release };
  }

  /** Tells the other nodes what has changed here since the last time, and that this node is alive. */
  publish(): Promise<void> {
    this.#publishing = this.#publishing.catch(() => {}).then(() => this.#publishNow());
    return this.#publishing;
  }

  /** What a user has open on this node. */
  usageOf(userId: number): OpenCounts {
    return this.#holders.get(`user:${userId}`)?.usage ?? { connections: 0, subscriptions: 0, distinct: 0 };
  }

  #holder(id: string, name: string, limits: OpenCounts): UsageCounter {
    const holder = this.#holders.get(id) ?? new UsageCounter(id, name, limits);
    this.#holders.set(id, holder);
    return holder;
  }

  #count(holder: UsageCounter, opening: OpenRequest, change: 1 | -1): void {
    holder.count(opening, change);
    if (this.#shared) this.#changed.add(holder);
    this.#forgetIfUnused(holder);
  }

  #forgetIfUnused(holder: UsageCounter): void {
    if (holder.isEmpty && holder.acquiring === 0) this.#holders.delete(holder.id);
  }

  /** Learns what the holders have open elsewhere. */
  async #ask(holders: readonly UsageCounter[]): Promise<void> {
    if (!this.#shared || holders.length === 0) return;
    const found = await this.#elsewhere.loadMany(holders);
    for (const [index, usage] of found.entries()) {
      if (usage instanceof Error) throw usage;
      holders[index]?.learn(usage, performance.now());
    }
  }

  async #askOthers(holders: readonly UsageCounter[]): Promise<OpenCounts[]> {
    const distinct = [...new Set(holders)];
    if (distinct.some((holder) => holder.isNearLimit)) await this.publish();
    const found = await (this.#shared as SharedUsage).ofOthers(distinct.map(({ id }) => id));
    return holders.map(({ id }) => found.get(id) ?? { connections: 0, subscriptions: 0, distinct: 0 });
  }

  async #publishNow(): Promise<void> {
    if (!this.#shared) return;
    const holders = (await this.#isForgotten(this.#shared))
      ? new Set([...this.#holders.values(), ...this.#changed])
      : new Set(this.#changed);
    // A holder that left and came back is another object under the same name: the one that is there now counts.
    const usages = new Map([...holders].map(({ id }) => [id, this.#openOf(id)]));
    this.#changed.clear();
    try {
      if (usages.size > 0) await this.#shared.publish(usages);
    } catch (error) {
      for (const holder of holders) this.#changed.add(holder);
      this.#aliveAt = Number.NEGATIVE_INFINITY;
      throw error;
    }
  }

  #openOf(id: string): OpenCounts | undefined {
    const holder = this.#holders.get(id);
    return holder?.isEmpty ? undefined : holder?.usage;
  }

  /** Says now and then that this node is alive. Whether the others took it for dead: then it has lost its rows. */
  async #isForgotten(shared: SharedUsage): Promise<boolean> {
    const now = performance.now();
    if (now - this.#aliveAt < ALIVE_MS) return false;
    const isForgotten = await shared.keepAlive();
    this.#aliveAt = now;
    return isForgotten;
  }
}
