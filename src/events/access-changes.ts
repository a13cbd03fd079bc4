import type { EntityManager } from '../database/database.ts';
import { readAccessChanges } from './log-reader.ts';
import type { AccessChange } from './log-writer.ts';

/** Access changes that one statement reads. */
const CHANGES_PER_READ = 1000;

/** Reads the access changes of the log, each once and in order, and reports them to listeners. */
export class AccessChanges {
  readonly #em: () => EntityManager;
  readonly #listeners = new Set<(change: AccessChange) => void>();
  /** The number of the last access change that was reported. */
  #head = 0;

  constructor(em: () => EntityManager) {
    this.#em = em;
  }

  /** Skips the access changes up to this number. */
  skipTo(head: number): void {
    this.#head = head;
  }

  /** Reads and reports the access changes up to this number. */
  async advance(head: number): Promise<void> {
    while (this.#head < head) {
      const changes = await readAccessChanges(this.#em(), this.#head, CHANGES_PER_READ);
      for (const change of changes) this.report(change);
      this.#head = changes.length < CHANGES_PER_READ ? head : this.#head + CHANGES_PER_READ;
    }
  }

  /** Calls all listeners, in the order in which they were added. */
  report(change: AccessChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  /** Adds a listener, until the result is disposed of. */
  listen(listener: (change: AccessChange) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }
}
