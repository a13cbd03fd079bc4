import { CursorExpiredError } from '../errors.ts';
import type { FileEvent } from './event.ts';
import type { Render } from './frame.ts';
import type { SharedRenders } from './group-renderer.ts';
import type { TopicBounds } from './log-reader.ts';
import type { PageCache } from './page-cache.ts';
import { SubscriptionGroup } from './subscription-group.ts';
import type { Topic } from './topic.ts';

/**
 * The most events of one topic that are in memory, for subscriptions that catch up at the same
 * time.
 */
export const MAX_BUFFERED = 512;
/** Events that stay in memory once `TRIM_MS` have passed. */
const IDLE_BUFFERED = 64;
const TRIM_MS = 10_000;
/**
 * How often a page is read that another caller may have begun to read before its last events were
 * written.
 */
const READ_ATTEMPTS = 3;

/**
 * A topic with subscriptions on this node: its bounds, its latest events, and the groups that
 * receive the next ones.
 */
export class Feed {
  readonly topic: Topic;
  /** By query key. */
  readonly #groups = new Map<string, SubscriptionGroup>();
  /** How many subscriptions use the feed. Without any, the hub deletes it. */
  subscriptions = 0;
  /** Resolves once the bounds of the topic are known. */
  readonly ready: Promise<void>;
  #head = 0;
  #floor = 0;
  /** The latest events up to the head, without gaps. */
  #recent: FileEvent[] = [];
  readonly #pages: PageCache;
  readonly #shared: SharedRenders;
  #trimming: NodeJS.Timeout | undefined;

  constructor(topic: Topic, pages: PageCache, bounds: Promise<TopicBounds | undefined>, shared: SharedRenders) {
    this.topic = topic;
    this.#pages = pages;
    this.#shared = shared;
    this.ready = bounds.then((found) => {
      this.#floor = found?.floor ?? 0;
      if (found && found.head > this.#head) this.advance(found.head, []);
    });
    this.ready.catch(() => {}); // Callers handle the rejection of `ready`.
  }

  /** The number of the last event. */
  get head(): number {
    return this.#head;
  }

  /** Whether every event after this number is stored. */
  canResumeAfter(seq: number): boolean {
    return seq >= this.#floor && seq <= this.#head;
  }

  /** Moves the head. `events` are the last of the new events, all of them or none. */
  advance(head: number, events: readonly FileEvent[]): void {
    const fresh = events.filter((event) => event.seq > this.#head);
    const isContiguous =
      fresh.at(-1)?.seq === head && fresh.every((event, index) => event.seq === head - fresh.length + 1 + index);
    if (!isContiguous) this.#recent = [];
    else if (fresh[0]?.seq === this.#head + 1) this.#recent.push(...fresh);
    else this.#recent = [...fresh];
    this.#trim(2 * MAX_BUFFERED, MAX_BUFFERED);
    this.#head = head;
    for (const group of this.#groups.values()) group.schedule();
  }

  /**
   * Returns events after this number, some or all; none after the head; undefined when they have to
   * be read.
   */
  buffered(after: number): FileEvent[] | undefined {
    if (after >= this.#head) return [];
    const first = this.#recent[0];
    return first && first.seq <= after + 1 ? this.#recent.slice(after + 1 - first.seq) : undefined;
  }

  /**
   * Returns events after this number, some or all, from memory or from the log; none after the
   * head. Throws `CursorExpiredError` when retention deleted some of them.
   */
  async readAfter(after: number): Promise<FileEvent[]> {
    const known = this.buffered(after);
    if (known) return known;
    for (let attempt = 1; ; attempt++) {
      const read = await this.#pages.containing(this.topic, after);
      // Events beyond the head wait until access changes before them have been handled.
      const page = read.filter((event) => event.seq <= this.#head);
      const events = page.filter((event) => event.seq > after);
      // A missing number was deleted, or not yet written when another caller began to read the
      // page.
      const isContiguous = events.length > 0 && events.every((event, index) => event.seq === after + 1 + index);
      if (isContiguous) this.#buffer(page);
      if (isContiguous || after >= this.#head) return events;
      if (attempt === READ_ATTEMPTS) throw new CursorExpiredError();
    }
  }

  /** Adds a subscription to the group of its query, which the first one creates. */
  join(queryKey: string, render: Render): SubscriptionGroup {
    const group = this.#groups.get(queryKey) ?? new SubscriptionGroup(this, queryKey, render, this.#shared);
    this.#groups.set(queryKey, group);
    group.members += 1;
    return group;
  }

  /** Removes a subscription from its group, and deletes the group with its last one. */
  leave(group: SubscriptionGroup): void {
    group.members -= 1;
    if (group.members > 0) return;
    group.close();
    this.#groups.delete(group.queryKey);
  }

  /** Stops the timer, which would keep the events in memory. */
  close(): void {
    clearTimeout(this.#trimming);
  }

  /**
   * Of more than `max` events in memory, keeps the latest `kept`; and after `TRIM_MS`,
   * `IDLE_BUFFERED`.
   */
  #trim(max: number, kept: number): void {
    if (this.#recent.length > max) this.#recent.splice(0, this.#recent.length - kept);
    if (this.#recent.length <= IDLE_BUFFERED || this.#trimming) return;
    this.#trimming = setTimeout(() => {
      this.#trimming = undefined;
      this.#trim(IDLE_BUFFERED, IDLE_BUFFERED);
    }, TRIM_MS).unref();
  }

  /**
   * Keeps the page before the events in memory: when many clients reconnect, they read the same
   * pages.
   */
  #buffer(page: FileEvent[]): void {
    const first = this.#recent[0]?.seq ?? this.#head + 1;
    const isAdjacent = page.some((event) => event.seq === first - 1);
    if (isAdjacent && this.#recent.length < MAX_BUFFERED)
      this.#recent.unshift(...page.filter((event) => event.seq < first));
    this.#trim(2 * MAX_BUFFERED, MAX_BUFFERED);
  }
}
