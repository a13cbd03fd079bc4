import { hash } from 'node:crypto';
import type { Log } from '../context.ts';
import { RateLimitedError, TokenExpiredError, UnauthenticatedError } from '../errors.ts';
import { forgetOldest } from './forget-oldest.ts';

/** Failures that an address has at once, and how long it takes until it may fail once more. */
const BURST = 30;
const REFILL_MS = 1000;
/** The most counted addresses and recently valid credentials; the oldest are dropped. */
const MAX_COUNTERS = 10_000;
const MAX_VALID = 10_000;
/** How long recently valid credentials are accepted from an address over the limit. */
const VALID_MS = 60 * 60_000;
/** Recently failed credentials, and for how long: repeating them is no further guess. */
const MAX_FAILED = 10_000;
const FAILED_MS = 60 * 60_000;
/** Sign-ins of one address that wait for others to end. */
const MAX_WAITING = 1000;
/** How often failures are logged. */
const LOG_MS = 60_000;

interface Failures {
  /** How many more were allowed at `at`. More are with time: a token bucket. */
  remaining: number;
  at: number;
  /** The number of failures in all. */
  count: number;
}

/** Sign-ins of one counter that are under way, and those that wait for one of them to end. */
interface Pending {
  count: number;
  waiting: (() => void)[];
}

/**
 * Keys, signatures of calls and signed links are counted apart: a page with expired links blocks no
 * sign-in. So are the passwords of each share link.
 */
export type Credentials = 'key' | 'signature' | 'link' | `share link ${number}`;

/** What is counted together. Requests that pages of other sites cause are counted apart. */
export type Counter = Credentials | `${Credentials} of other sites`;

/** A sign-in attempt. */
export interface SignIn {
  /** Where it comes from. */
  address: string;
  counter: Counter;
  /** The credentials, if clients send the same ones with each request. */
  credentials: string | undefined;
}

/**
 * Slows down guessing of keys: an address that fails more often than a person mistypes waits a
 * second for each further attempt. Others are not affected, nor are credentials from the same
 * address that were good within the last hour. The same wrong credentials count once an hour: a
 * script with an old key does not block the others at its address.
 *
 * A failure is known only when its sign-in ends, and many can run at once. So no more run than may
 * still fail; others wait, and are refused only if those fail.
 */
export class SignInLimiter {
  readonly #log: Log;
  readonly #failures = new Map<string, Failures>();
  readonly #pending = new Map<string, Pending>();
  readonly #valid = new Map<string, number>();
  readonly #failed = new Map<string, number>();
  #loggedAt = Number.NEGATIVE_INFINITY;
  #refused = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  /**
   * Runs a sign-in. Throws what `signIn` throws, and `RateLimitedError`, without calling it, for an
   * address that failed too often.
   */
  async attempt<Found>({ address, counter, credentials }: SignIn, signIn: () => Promise<Found>): Promise<Found> {
    const key = `${counter} ${address}`;
    const digest = credentials && hash('sha256', credentials, 'base64');
    const isPending = await this.#acquire(key, address, digest);
    try {
      const viewer = await signIn();
      if (digest) remember(this.#valid, digest, MAX_VALID);
      return viewer;
    } catch (error) {
      if (error instanceof UnauthenticatedError && !(error instanceof TokenExpiredError))
        this.#fail(key, digest, { address, counter });
      throw error;
    } finally {
      if (isPending) this.#release(key);
    }
  }

  /**
   * Waits until a sign-in may start. Returns whether it is pending until `#release`. Throws
   * `RateLimitedError`.
   */
  async #acquire(key: string, address: string, digest: string | undefined): Promise<boolean> {
    if (isRecent(this.#valid, digest, VALID_MS)) return false;
    for (let hasWaited = false; ; hasWaited = true) {
      const failures = this.#failures.get(key);
      const remaining = failures ? remainingOf(failures) : BURST;
      const pending = this.#pending.get(key) ?? { count: 0, waiting: [] };
      const isOverLimit = remaining < 1 || pending.waiting.length >= MAX_WAITING;
      const isExempt =
        isRecent(this.#valid, digest, VALID_MS) ||
        (!isOverLimit && isRecent(this.#failed, failureKey(key, digest), FAILED_MS));
      // A waiter that needs no slot wakes the next one.
      if (hasWaited && (isExempt || isOverLimit)) pending.waiting.shift()?.();
      if (isExempt) return false;
      if (isOverLimit) {
        this.#refuse(address, failures);
        throw new RateLimitedError(
          'Too many failed sign-ins came from this address. Wait a second before each further one.',
          1,
        );
      }
      this.#pending.set(key, pending);
      if (pending.count + 1 <= remaining) {
        pending.count += 1;
        return true;
      }
      await new Promise<void>((resolve) => pending.waiting.push(resolve));
    }
  }

  #release(key: string): void {
    const pending = this.#pending.get(key);
    if (!pending) return;
    pending.count -= 1;
    const next = pending.waiting.shift();
    if (next) next();
    else if (pending.count === 0) this.#pending.delete(key);
  }

  #fail(key: string, digest: string | undefined, { address, counter }: Pick<SignIn, 'address' | 'counter'>): void {
    const isRepeated = isRecent(this.#failed, failureKey(key, digest), FAILED_MS);
    if (digest) {
      this.#valid.delete(digest);
      remember(this.#failed, `${key} ${digest}`, MAX_FAILED);
    }
    if (isRepeated) return;
    this.#log.info({ address, counter }, 'a sign-in was refused');
    const known = this.#failures.get(key);
    const remaining = Math.max(0, (known ? remainingOf(known) : BURST) - 1);
    this.#failures.delete(key);
    this.#failures.set(key, { remaining, at: Date.now(), count: (known?.count ?? 0) + 1 });
    forgetOldest(this.#failures, MAX_COUNTERS);
  }

  /**
   * A refused attempt does not count as a failure: those who keep trying take no longer to be
   * allowed the next one.
   */
  #refuse(address: string, failures: Failures | undefined): void {
    if (failures) failures.count += 1;
    this.#refused += 1;
    if (Date.now() - this.#loggedAt < LOG_MS) return;
    this.#loggedAt = Date.now();
    const details = { address, failures: failures?.count ?? 0, refused: this.#refused };
    this.#log.warn(details, 'an address repeatedly fails to sign in');
    this.#refused = 0;
  }
}

const remainingOf = ({ remaining, at }: Failures): number => Math.min(BURST, remaining + (Date.now() - at) / REFILL_MS);

/** The key of a failure: the same credentials count again for another address. */
const failureKey = (key: string, digest: string | undefined) => digest && `${key} ${digest}`;

const isRecent = (times: ReadonlyMap<string, number>, digest: string | undefined, ms: number): boolean =>
  digest !== undefined && (times.get(digest) ?? Number.NEGATIVE_INFINITY) > Date.now() - ms;

function remember(times: Map<string, number>, digest: string, maxSize: number): void {
  times.delete(digest);
  times.set(digest, Date.now());
  forgetOldest(times, maxSize);
}
