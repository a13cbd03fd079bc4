import { RateLimitedError } from '../errors.ts';

/** What one user, or one key, has open. */
export interface OpenCounts {
  /** WebSockets and streams of server-sent events. */
  connections: number;
  subscriptions: number;
  /** Subscriptions with a topic, query or variables of their own: each is executed by itself for every event. */
  distinct: number;
}

export interface UsageLimits {
  perUser: OpenCounts;
  perKey: OpenCounts;
}

/** What is about to be opened. A stream of server-sent events is a subscription and its connection at once. */
export interface OpenRequest {
  isConnection: boolean;
  /** Of a subscription: the same for all that share an execution. */
  rendering?: string | undefined;
}

/** From a tenth of a limit on, nodes tell each other of a new place before they grant it. */
const NEAR = 0.1;
const RETRY_AFTER_SECONDS = 5;

const kinds = ['connections', 'subscriptions', 'distinct'] as const;
const names = { connections: 'connections', subscriptions: 'subscriptions', distinct: 'distinct subscriptions' };

/** A user or a key, and what it has open here and elsewhere. */
export class UsageCounter {
  readonly id: string;
  /** Calls of `acquire` under way: they count in this object, so it has to stay. */
  acquiring = 0;
  /** When the usage elsewhere was asked for. */
  askedAt = Number.NEGATIVE_INFINITY;
  readonly #name: string;
  readonly #limits: OpenCounts;
  readonly #renderings = new Map<string, number>();
  #connections = 0;
  #subscriptions = 0;
  #elsewhere: OpenCounts = { connections: 0, subscriptions: 0, distinct: 0 };

  constructor(id: string, name: string, limits: OpenCounts) {
    this.id = id;
    this.#name = name;
    this.#limits = limits;
  }

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
    return kinds.some((kind) => usage[kind] + this.#elsewhere[kind] > this.#limits[kind] * NEAR);
  }

  count({ isConnection, rendering }: OpenRequest, change: 1 | -1): void {
    if (isConnection) this.#connections += change;
    if (rendering === undefined) return;
    this.#subscriptions += change;
    const sharing = (this.#renderings.get(rendering) ?? 0) + change;
    if (sharing === 0) this.#renderings.delete(rendering);
    else this.#renderings.set(rendering, sharing);
  }

  learn(elsewhere: OpenCounts, askedAt: number): void {
    this.#elsewhere = elsewhere;
    this.askedAt = askedAt;
  }

  /** Of what there would be too much with one more, by what is known now. */
  fullKind({ isConnection, rendering }: OpenRequest): keyof OpenCounts | undefined {
    return this.#kindOver({
      connections: isConnection ? 1 : 0,
      subscriptions: rendering === undefined ? 0 : 1,
      distinct: rendering === undefined || this.#renderings.has(rendering) ? 0 : 1,
    });
  }

  /** Throws `RateLimitedError` if one more would be too many. */
  assertRoom(opening: OpenRequest): void {
    this.#refuse(this.fullKind(opening));
  }

  /** Throws `RateLimitedError` if there are too many. */
  assertWithin(): void {
    this.#refuse(this.#kindOver({ connections: 0, subscriptions: 0, distinct: 0 }));
  }

  #kindOver(more: OpenCounts): keyof OpenCounts | undefined {
    const { usage } = this;
    return kinds.find((kind) => usage[kind] + more[kind] + this.#elsewhere[kind] > this.#limits[kind]);
  }

  #refuse(kind: keyof OpenCounts | undefined): void {
    if (kind === undefined) return;
    throw new RateLimitedError(
      `One ${this.#name} may have ${this.#limits[kind]} ${names[kind]} open at once. End some, then subscribe again.`,
      RETRY_AFTER_SECONDS,
    );
  }
}
