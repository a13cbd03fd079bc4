import type { Limits, Log, RequestContext } from '../context.ts';
import { RateLimitedError } from '../errors.ts';

/** The most counted addresses, users and keys; of each, the one that is idle longest is dropped. */
const MAX_COUNTED = 10_000;

/** Requests that are still allowed, as of `at`, in milliseconds. */
interface Bucket {
  remaining: number;
  at: number;
}

/**
 * Limits requests a minute, of each client address, user and key, over all transports of this
 * server. Who has been idle for a minute may send all of them at once; then they are allowed at an
 * even pace.
 */
export class RequestRates {
  readonly #addresses: TokenBuckets;
  readonly #users: TokenBuckets;
  readonly #keys: TokenBuckets;
  readonly #log: Log;

  constructor({ maxRequestsPerAddress, maxRequestsPerUser, maxRequestsPerKey }: Limits, log: Log) {
    this.#addresses = new TokenBuckets(maxRequestsPerAddress);
    this.#users = new TokenBuckets(maxRequestsPerUser);
    this.#keys = new TokenBuckets(maxRequestsPerKey);
    this.#log = log;
  }

  /**
   * Counts a request of an address, before anything is known of its sender. Throws
   * `RateLimitedError`.
   */
  countAddress(address: string): void {
    const wait = this.#addresses.take(address);
    if (wait > 0) this.#refuse('from this address', { address }, wait);
  }

  /** Counts a request of a user and of the key that it was sent with. Throws `RateLimitedError`. */
  countViewer({ userId, keyId }: Pick<RequestContext['viewer'], 'userId' | 'keyId'>): void {
    const ofKey = keyId === undefined ? 0 : this.#keys.take(keyId);
    if (ofKey > 0) this.#refuse('with this API key', { userId, keyId }, ofKey);
    const ofUser = this.#users.take(userId);
    if (ofUser > 0) this.#refuse('of this user', { userId, keyId }, ofUser);
  }

  #refuse(whose: string, details: object, seconds: number): never {
    this.#log.warn(details, `too many requests ${whose}`);
    const message = `Too many requests ${whose} in a minute. Wait ${seconds} s before the next one.`;
    throw new RateLimitedError(message, seconds);
  }
}

/** A token bucket for each key: https://en.wikipedia.org/wiki/Token_bucket */
class TokenBuckets {
  /** In the order of their last use. */
  readonly #buckets = new Map<string | number, Bucket>();
  readonly #perMinute: number;

  /** `perMinute` is `Infinity` for no limit. */
  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** Takes a token. Returns 0, or, when there is none, the seconds until there is one. */
  take(key: string | number): number {
    if (this.#perMinute === Number.POSITIVE_INFINITY) return 0;
    const now = performance.now();
    const { remaining, at } = this.#buckets.get(key) ?? { remaining: this.#perMinute, at: now };
    const available = Math.min(this.#perMinute, remaining + ((now - at) / 60_000) * this.#perMinute);
    this.#buckets.delete(key);
    this.#buckets.set(key, { remaining: available < 1 ? available : available - 1, at: now });
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > MAX_COUNTED && oldest !== undefined) this.#buckets.delete(oldest);
    return available < 1 ? Math.ceil(((1 - available) * 60) / this.#perMinute) : 0;
  }
}
