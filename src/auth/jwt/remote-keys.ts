import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey, type LocalJWKSet } from 'jose';
import type { Log } from '../../context.ts';
import { excerpt, IdentityProviderUnavailableError } from '../../errors.ts';

/** The age after which keys are read again, while the known ones are still used. */
const REFRESH_MS = 5 * 60_000;
/** The age after which they are not used any more: the provider may have withdrawn one. */
const MAX_AGE_MS = 60 * 60_000;
/** After a failure, the time without a further attempt. */
const RETRY_MS = 2000;
/**
 * How often an unknown key may cause a read at once, and how long it takes until it may once more.
 * Anybody can send tokens with invented keys.
 */
const UNKNOWN_KEY_BURST = 5;
const UNKNOWN_KEY_MS = 30_000;

/**
 * The keys of an identity provider. They are read when the first token needs them, so that the
 * server starts without the provider; at intervals; and when a token names a key that is not known,
 * as after a rotation.
 */
export class RemoteKeys {
  readonly #read: () => Promise<JSONWebKeySet>;
  readonly #source: string;
  readonly #log: Log;
  #keys: LocalJWKSet | undefined;
  #loadedAt = Number.NEGATIVE_INFINITY;
  #failedAt = Number.NEGATIVE_INFINITY;
  #loading: Promise<void> | undefined;
  /** Reads that unknown keys may still cause, as of `at`: a token bucket. */
  #unknown = { remaining: UNKNOWN_KEY_BURST, at: 0 };

  /** `source` names the provider in the log. */
  constructor(read: () => Promise<JSONWebKeySet>, source: string, log: Log) {
    this.#read = read;
    this.#source = source;
    this.#log = log;
  }

  /**
   * The key of a token. Throws `IdentityProviderUnavailableError` while there are no keys, and the
   * errors of `jose` for a key that the provider does not have.
   */
  readonly keyOf: JWTVerifyGetKey = async (header, token) => {
    const keys = await this.#current();
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !this.#canReadForUnknownKey()) throw error;
      await this.#load();
      return (await this.#current())(header, token);
    }
  };

  async #current(): Promise<LocalJWKSet> {
    const age = performance.now() - this.#loadedAt;
    if (age > MAX_AGE_MS) await this.#load();
    else if (age > REFRESH_MS) void this.#load(); // it catches every error
    if (!this.#keys || performance.now() - this.#loadedAt > MAX_AGE_MS) throw new IdentityProviderUnavailableError();
    return this.#keys;
  }

  /** Reads the keys, once for all callers. Failures are logged; then the known keys remain. */
  #load(): Promise<void> {
    if (performance.now() - this.#failedAt < RETRY_MS) return Promise.resolve();
    this.#loading ??= this.#loadNow().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #loadNow(): Promise<void> {
    try {
      this.#keys = createLocalJWKSet(await this.#read());
      this.#loadedAt = performance.now();
    } catch (error) {
      this.#failedAt = performance.now();
      this.#log.warn(
        { provider: this.#source, reason: excerpt(reasonOf(error)) },
        'the keys of an identity provider could not be read',
      );
    }
  }

  #canReadForUnknownKey(): boolean {
    const now = performance.now();
    const { remaining, at } = this.#unknown;
    const available = Math.min(UNKNOWN_KEY_BURST, remaining + (now - at) / UNKNOWN_KEY_MS);
    this.#unknown = { remaining: available < 1 ? available : available - 1, at: now };
    return available >= 1;
  }
}

/** `fetch` has the reason in its cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
