import pLimit, { type LimitFunction } from 'p-limit';
import type { ClientContext } from './client-command.ts';
import { ClientError } from './errors.ts';

/** How the transfer of one file ended. `stopped`: it was interrupted, or all of them were. */
export type TransferOutcome = 'uploaded' | 'downloaded' | 'skipped' | 'failed' | 'stopped';

/**
 * The transfers of one command, several at a time. A file that fails does not stop the others. A
 * transfer that throws stops all of them, as without a key that works.
 */
export class Transfers {
  /** Aborted by the signal of the command, and by the first error that concerns all transfers. */
  readonly signal: AbortSignal;
  readonly #output: ClientContext['output'];
  readonly #fatal = new AbortController();
  readonly #limit: LimitFunction;
  readonly #maxPending: number;
  readonly #pending = new Set<Promise<void>>();
  readonly #counts: Record<TransferOutcome, number> = {
    uploaded: 0,
    downloaded: 0,
    skipped: 0,
    failed: 0,
    stopped: 0,
  };
  #hasBegun = false;

  constructor({ output, signal }: Pick<ClientContext, 'output' | 'signal'>, parallel: number) {
    this.#output = output;
    this.signal = AbortSignal.any([signal, this.#fatal.signal]);
    this.#limit = pLimit(parallel);
    this.#maxPending = parallel * 8;
  }

  /** Whether a transfer was added. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Runs a transfer as soon as fewer than `parallel` others run. Resolves when it has ended. */
  run(transfer: () => Promise<TransferOutcome>): Promise<void> {
    this.#hasBegun = true;
    const ended = this.#limit(async () => {
      if (!this.signal.aborted) this.#counts[await transfer()] += 1;
    })
      .catch((error) => this.stop(error))
      .finally(() => this.#pending.delete(ended));
    this.#pending.add(ended);
    return ended;
  }

  /** The same without a wait for its end. A folder can have more files than fit into memory. */
  async add(transfer: () => Promise<TransferOutcome>): Promise<void> {
    void this.run(transfer);
    if (this.#pending.size >= this.#maxPending) await Promise.race(this.#pending);
  }

  /** Stops all transfers, for a reason that concerns all of them. */
  stop(reason: unknown): void {
    this.#fatal.abort(reason);
  }

  /**
   * Waits for all transfers, and prints how many files were transferred. Throws the reason of the
   * signal when it was aborted, and `ClientError` when some of the files failed.
   */
  async conclude(verb: 'uploaded' | 'downloaded'): Promise<void> {
    await Promise.all(this.#pending);
    const { [verb]: done, skipped, failed } = this.#counts;
    const summary = [`${done} ${verb}`, `${skipped} already there`, ...(failed > 0 ? [`${failed} failed`] : [])];
    this.#output.note(`${summary.join(', ')}.`);
    if (this.signal.aborted) this.#output.note('Repeat the command: it continues where it stopped.');
    this.signal.throwIfAborted();
    if (failed > 0) throw new ClientError(`Not all files were ${verb}. Repeat the command to try the others again.`);
  }
}
