import type { QuotaExceededError } from '../errors.ts';
import { doesNotFit, type TemporaryQuota } from './temporary-quota.ts';

/** The temporary bytes that several files may use together while they are received. */
export class ByteAllowance {
  readonly #quota: TemporaryQuota;

  constructor(quota: TemporaryQuota) {
    this.#quota = quota;
  }

  /**
   * Reserves bytes for a file. Returns an error, and reserves nothing, when they exceed the quota.
   */
  reserve(name: string, bytes: number): QuotaExceededError | undefined {
    if (bytes > this.#quota.bytes) return doesNotFit(name, this.#quota);
    this.#quota.bytes -= bytes;
    return undefined;
  }

  /** Releases the bytes of a file that is not stored. */
  release(bytes: number): void {
    this.#quota.bytes += bytes;
  }
}
