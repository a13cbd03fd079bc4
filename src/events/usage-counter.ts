import { RateLimitedError } from '../errors.ts';

/** How many connections and subscriptions one user, or one key, has open. */
export interface OpenCounts {
  /** WebSockets and streams of server-sent events. */
  connections: number;
  subscriptions: number;
  /**
   * Subscriptions with a topic, query or variables of their own: each is executed separately for
   * every event.
   */
  distinct: number;
}

export interface UsageLimits {
  perUser: OpenCounts;
  perKey: OpenCounts;
}

/**
 * What is to be opened. A stream of server-sent events is a subscription and its connection in one.
 */
export interface OpenRequest {
  isConnection: boolean;
  /** Of a subscription: a key that is the same for all subscriptions that share an execution. */
  rendering?: string | undefined;
}

/**
 * The part of a limit from which on nodes publish a new connection or subscription before they
 * grant it.
 */
const NEAR_LIMIT = 0.1;
const RETRY_AFTER_SECONDS = 5;

const kinds = ['connections', 'subscriptions', 'distinct'] as const;
const labels = { connections: 'connections', subscriptions: 'subscriptions', distinct: 'distinct subscriptions' };

/** Counts what one user or key has open on this node, and knows what it has open on the others. */
export class UsageCounter {
  /** `user:1` or `key:1`. */
  readonly id: string;
  /**
   * Calls of `UsageLimiter.acquire` in progress. They count in this object, which is kept until
   * they end.
   */
  acquiring = 0;
  /** When the usage on other nodes was read, as `performance.now()`. */
  refreshedAt = Number.NEGATIVE_INFINITY;
  readonly #label: string;
  readonly #limits: OpenCounts;
  readonly #renderings = new Map<string, number>();
  #connections = 0;
  #subscriptions = 0;
  #onOtherNodes: OpenCounts = { connections: 0, subscriptions: 0, distinct: 0 };

  /** `label` names the kind of holder in error messages: `user` or `API key`. */
  constructor(id: string, label: string, limits: OpenCounts) {
    this.id = id;
    this.#label = label;
    this.#limits = limits;
  }

  /** What is open on this node. */
  get usage(): OpenCounts {
    return {
      connections: this.#connections,
      subscriptions: this.#subscriptions,
      distinct: this.#renderings.size,
    };
  }

  get isEmpty(): boolean {
    return this.#connections === 0 && this.#subscriptions === 0;
  }

  get isNearLimit(): boolean {
    const { usage } = this;
    return kinds.some((kind) => usage[kind] + this.#onOtherNodes[kind] > this.#limits[kind] * NEAR_LIMIT);
  }

  /** Counts something that was opened (1) or closed (-1) on this node. */
  count({ isConnection, rendering }: OpenRequest, change: 1 | -1): void {
    if (isConnection) this.#connections += change;
    if (rendering === undefined) return;
    this.#subscriptions += change;
    const sharing = (this.#renderings.get(rendering) ?? 0) + change;
    if (sharing === 0) this.#renderings.delete(rendering);
    else this.#renderings.set(rendering, sharing);
  }

  /** Records what is open on the other nodes, and when that was read. */
  refresh(onOtherNodes: OpenCounts, refreshedAt: number): void {
    this.#onOtherNodes = onOtherNodes;
    this.refreshedAt = refreshedAt;
  }

  /** Whether one more would exceed a limit, by what is known now. */
  isFullFor(request: OpenRequest): boolean {
    return this.#exceededWith(this.#additional(request)) !== undefined;
  }

  /** Throws `RateLimitedError` when one more would exceed a limit. */
  assertCanOpen(request: OpenRequest): void {
    this.#assertNone(this.#exceededWith(this.#additional(request)));
  }

  /** Throws `RateLimitedError` when a limit is exceeded. */
  assertWithinLimits(): void {
    this.#assertNone(this.#exceededWith({ connections: 0, subscriptions: 0, distinct: 0 }));
  }

  #additional({ isConnection, rendering }: OpenRequest): OpenCounts {
    return {
      connections: isConnection ? 1 : 0,
      subscriptions: rendering === undefined ? 0 : 1,
      distinct: rendering === undefined || this.#renderings.has(rendering) ? 0 : 1,
    };
  }

  #exceededWith(additional: OpenCounts): keyof OpenCounts | undefined {
    const { usage } = this;
    return kinds.find((kind) => usage[kind] + additional[kind] + this.#onOtherNodes[kind] > this.#limits[kind]);
  }

  #assertNone(exceeded: keyof OpenCounts | undefined): void {
    if (exceeded === undefined) return;
    throw new RateLimitedError(
      `One ${this.#label} may have ${this.#limits[exceeded]} ${labels[exceeded]} open at once. End some, then subscribe again.`,
      RETRY_AFTER_SECONDS,
    );
  }
}
