import DataLoader from 'dataloader';
import type { FileEvent } from './event.ts';
import type { LogRange } from './log.ts';
import type { Topic } from './topic.ts';

/** Events of one page. */
export const PAGE_SIZE = 256;
/** Full pages that are kept. */
const KEPT = 64;
/** Pages read by one statement. */
const BATCH = 100;

/**
 * Reads the log by pages that are aligned by number. However many ask for a page at once, it is read once; however
 * many topics are asked for at once, they are read together; and a full page, which never changes, is kept for a while.
 */
export class PageCache {
  readonly #pages = new Map<string, Promise<FileEvent[]>>();
  readonly #loader: DataLoader<LogRange, FileEvent[]>;

  constructor(read: (stretches: readonly LogRange[]) => Promise<FileEvent[][]>) {
    this.#loader = new DataLoader(read, {
      cache: false,
      maxBatchSize: BATCH,
      batchScheduleFn: (run) => setImmediate(run),
    });
  }

  /** The page that begins with, or contains, the event after this number; to its end, or that of the log. */
  containing(topic: Topic, after: number): Promise<FileEvent[]> {
    const number = Math.floor(after / PAGE_SIZE);
    const key = `${topic} ${number}`;
    const known = this.#pages.get(key);
    if (known) return known;
    const page = this.#loader.load({ topic, after: number * PAGE_SIZE, limit: PAGE_SIZE });
    this.#pages.set(key, page);
    page.then(
      (events) => {
        if (events.length < PAGE_SIZE) this.#pages.delete(key);
        const [oldest] = this.#pages.keys();
        if (this.#pages.size > KEPT && oldest !== undefined) this.#pages.delete(oldest);
      },
      () => this.#pages.delete(key),
    );
    return page;
  }
}
