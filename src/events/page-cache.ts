import DataLoader from 'dataloader';
import type { FileEvent } from './event.ts';
import type { LogRange } from './log-reader.ts';
import type { Topic } from './topic.ts';

/** Events of one page. */
export const PAGE_SIZE = 256;
/** Full pages that stay in memory. */
const MAX_PAGES = 64;
/** Pages read by one statement. */
const PAGES_PER_STATEMENT = 100;

/**
 * Reads the log in pages whose bounds are multiples of `PAGE_SIZE`. Concurrent requests for one
 * page share one read, and concurrent requests for several pages share one statement. A full page
 * never changes and is cached; the pages cached first are evicted first.
 */
export class PageCache {
  readonly #pages = new Map<string, Promise<FileEvent[]>>();
  readonly #loader: DataLoader<LogRange, FileEvent[]>;

  constructor(read: (ranges: readonly LogRange[]) => Promise<FileEvent[][]>) {
    this.#loader = new DataLoader(read, {
      cache: false,
      maxBatchSize: PAGES_PER_STATEMENT,
      batchScheduleFn: (run) => setImmediate(run),
    });
  }

  /** Returns the page that contains the event after number `after`, as far as it is written. */
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
        if (this.#pages.size > MAX_PAGES && oldest !== undefined) this.#pages.delete(oldest);
      },
      () => this.#pages.delete(key),
    );
    return page;
  }
}
