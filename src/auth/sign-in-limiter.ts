import { createHash } from 'node:crypto';
import type { Log } from '../context.ts';
import { Busy, Unauthenticated } from '../errors.ts';
import type { Viewer } from './permissions.ts';

/** Failures that an address has at once, and how long it takes until it may fail once more. */
const BURST = 30;
const REFILL_MS = 1000;
/** Addresses that are remembered, and credentials that were good lately. The oldest are forgotten. */
const MAX_ADDRESSES = 10_000;
const MAX_GOOD = 10_000;
/** How long credentials that were good pass although their address has failed too often. */
const GOOD_MS = 60 * 60_000;
/** How often failures are logged. */
const LOG_MS = 60_000;

interface Failures {
  /** What is left of the burst when it was last looked at. */
  left: number;
  at: number;
  /** In all. */
  count: number;
}

/**
 * Slows down who guesses keys: an address that fails more often than a person mistypes waits a second for each further
 * try. Others are not affected, nor are credentials from the same address that were good within the last hour.
 */
export class SignInLimiter {
  readonly #log: Log;
  readonly #failures = new Map<string, Failures>();
  readonly #good = new Map<string, number>();
  #loggedAt = Number.NEGATIVE_INFINITY;
  #refused = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  /**
   * Runs a sign-in from an address. `credentials` is what was sent, where the same is sent again with each request.
   * Throws what `signIn` throws, and `Busy`, without asking, for an address that failed too often.
   */
  async attempt(address: string, credentials: string | undefined, signIn: () => Promise<Viewer>): Promise<Viewer> {
    const known = this.#failures.get(address);
    const digest = credentials && createHash('sha256').update(credentials).digest('base64');
    if (known && leftOf(known) < 1 && !this.#wasGood(digest)) {
      this.#refuse(address, known);
      throw new Busy('Too many failed sign-ins came from this address. Wait a second before each further one.', 1);
    }
    try {
      const viewer = await signIn();
      if (digest) this.#remember(digest);
      return viewer;
    } catch (error) {
      if (error instanceof Unauthenticated) this.#fail(address);
      throw error;
    }
  }

  #wasGood(digest: string | undefined): boolean {
    return digest !== undefined && (this.#good.get(digest) ?? Number.NEGATIVE_INFINITY) > Date.now() - GOOD_MS;
  }

  #remember(digest: string): void {
    this.#good.delete(digest);
    this.#good.set(digest, Date.now());
    forgetOldest(this.#good, MAX_GOOD);
  }

  #fail(address: string): void {
    const known = this.#failures.get(address);
    const left = Math.max(0, (known ? leftOf(known) : BURST) - 1);
    this.#failures.delete(address);
    this.#failures.set(address, { left, at: Date.now(), count: (known?.count ?? 0) + 1 });
    forgetOldest(this.#failures, MAX_ADDRESSES);
  }

  /** Nothing is taken from what the address has left: who waits for a second may try again, whatever others do. */
  #refuse(address: string, failures: Failures): void {
    failures.count += 1;
    this.#refused += 1;
    if (Date.now() - this.#loggedAt < LOG_MS) return;
    this.#loggedAt = Date.now();
    const details = { address, failures: failures.count, refused: this.#refused };
    this.#log.warn(details, 'an address fails to sign in again and again');
    this.#refused = 0;
  }
}

const leftOf = ({ left, at }: Failures): number => Math.min(BURST, left + (Date.now() - at) / REFILL_MS);

function forgetOldest(map: Map<string, unknown>, most: number): void {
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}
