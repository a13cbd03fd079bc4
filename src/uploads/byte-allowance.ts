import { QuotaExceededError } from '../errors.ts';
import type { TemporaryQuota } from './temporary-quota.ts';

/** What several files may take together while they come. */
export class ByteAllowance {
  readonly #room: TemporaryQuota;

  constructor(room: TemporaryQuota) {
    this.#room = room;
  }

  /** Takes so many bytes of it. Answers why not, when that is too much. */
  reserve(name: string, bytes: number): QuotaExceededError | undefined {
    if (bytes > this.#room.bytes) return new QuotaExceededError(`${name} is not taken. ${this.#room.reason}`);
    this.#room.bytes -= bytes;
    return undefined;
  }

  /** Gives back what was taken for a file that is not kept. */
  release(bytes: number): void {
    this.#room.bytes += bytes;
  }
}
