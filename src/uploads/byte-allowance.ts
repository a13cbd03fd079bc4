import { OverQuota } from '../errors.ts';
import type { TemporaryRoom } from './temporary-quota.ts';

/** What several files may take together while they come. */
export class Allowance {
  readonly #room: TemporaryRoom;

  constructor(room: TemporaryRoom) {
    this.#room = room;
  }

  /** Takes so many bytes of it. Answers why not, when that is too much. */
  take(name: string, bytes: number): OverQuota | undefined {
    if (bytes > this.#room.bytes) return new OverQuota(`${name} is not taken. ${this.#room.reason}`);
    this.#room.bytes -= bytes;
    return undefined;
  }

  /** Gives back what was taken for a file that is not kept. */
  giveBack(bytes: number): void {
    this.#room.bytes += bytes;
  }
}
