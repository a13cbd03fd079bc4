import { CursorExpiredError } from '../errors.ts';
import type { FileEvent } from './event.ts';
import type { Render } from './frame.ts';
import type { TopicBounds } from './log.ts';
import type { PageCache } from './page-cache.ts';
import { type SharedRenders, SubscriptionGroup } from './subscription-group.ts';
import type { Topic } from './topic.ts';

/** Events that are at hand at most, for those who come back at once; and for how long there are more than the usual. */
export const MAX_BUFFERED = 512;
const USUAL = 64;
const CALM_MS = 10_000;
/** How often a page is read that others may have begun to read too early. */
const ATTEMPTS = 3;

/** One topic that somebody on this node follows: how far it goes, its latest events, and who hears of the next. */
export class Feed {
  readonly topic: Topic;
  /** Those who hear the same in the same words, by what they asked for. */
  readonly #groups = new Map<string, SubscriptionGroup>();
  /** How many follow it; without any, it is forgotten. */
  followers = 0;
  /** Resolves once it is known how far the topic goes. */
  readonly ready: Promise<void>;
  #head = 0;
  #floor = 0;
  /** The latest, without a gap, up to the head. */
  #recent: FileEvent[] = [];
  readonly #pages: PageCache;
  readonly #shared: SharedRenders;
  #calm: NodeJS.Timeout | undefined;

  constructor(topic: Topic, pages: PageCache, extent: Promise<TopicBounds | undefined>, shared: SharedRenders) {
    this.topic = topic;
    this.#pages = pages;
    this.#shared = shared;
    this.ready = extent.then((found) => {
      this.#floor = found?.floor ?? 0;
      if (found && found.head > this.#head) this.advance(found.head, []);
    });
    this.ready.catch(() => {}); // told to everybody who waits for it
  }

  /** The number of the last event. */
  get head(): number {
    return this.#head;
  }

  /** Whether everything after this number is kept, or nothing came after it. */
  reaches(after: number): boolean {
    return after >= this.#floor && after <= this.#head;
  }

  /** The topic goes as far as `head` now; `events` are the last of those that are new, or none of them. */
  advance(head: number, events: readonly FileEvent[]): void {
    const fresh = events.filter((event) => event.seq > this.#head);
    const isWhole =
      fresh.at(-1)?.seq === head && fresh.every((event, index) => event.seq === head - fresh.length + 1 + index);
    if (!isWhole) this.#recent = [];
    else if (fresh[0]?.seq === this.#head + 1) this.#recent.push(...fresh);
    else this.#recent = [...fresh];
    this.#trim(2 * MAX_BUFFERED, MAX_BUFFERED);
    this.#head = head;
    for (const group of this.#groups.values()) group.schedule();
  }

  /** Events after this number, some or all; none when it is the last. Undefined when they have to be read. */
  buffered(after: number): FileEvent[] | undefined {
    if (after >= this.#head) return [];
    const first = this.#recent[0];
    return first && first.seq <= after + 1 ? this.#recent.slice(after + 1 - first.seq) : undefined;
  }

  /** Events after this number, some or all; none when it is the last. Throws `CursorExpiredError`. */
  async after(after: number): Promise<FileEvent[]> {
    const known = this.buffered(after);
    if (known) return known;
    for (let attempt = 1; ; attempt++) {
      const read = await this.#pages.containing(this.topic, after);
      // What this node has not taken note of waits: a right that was lost before it comes first.
      const page = read.filter((event) => event.seq <= this.#head);
      const events = page.filter((event) => event.seq > after);
      // Numbers have no gaps: what is missing was forgotten, unless others had begun to read before it was there.
      const isWhole = events.length > 0 && events.every((event, index) => event.seq === after + 1 + index);
      if (isWhole) this.#keep(page);
      if (isWhole || after >= this.#head) return events;
      if (attempt === ATTEMPTS) throw new CursorExpiredError();
    }
  }

  /** The group of those who asked for the same, made by the first of them. */
  join(words: string, render: Render): SubscriptionGroup {
    const group = this.#groups.get(words) ?? new SubscriptionGroup(this, words, render, this.#shared);
    this.#groups.set(words, group);
    group.members += 1;
    return group;
  }

  /** One fewer is in the group; with nobody in it, it goes. */
  leave(group: SubscriptionGroup): void {
    group.members -= 1;
    if (group.members > 0) return;
    group.close();
    this.#groups.delete(group.queryKey);
  }

  /** Nobody follows it any more: what waits for calm would keep its events. */
  close(): void {
    clearTimeout(this.#calm);
  }

  /** Leaves `least` of more than `most`; and, when all is calm again, only the usual. */
  #trim(most: number, least: number): void {
    if (this.#recent.length > most) this.#recent.splice(0, this.#recent.length - least);
    if (this.#recent.length <= USUAL || this.#calm) return;
    this.#calm = setTimeout(() => {
      this.#calm = undefined;
      this.#trim(USUAL, USUAL);
    }, CALM_MS).unref();
  }

  /** The page before those at hand is at hand from now on: a storm of those who come back asks for it again. */
  #keep(page: FileEvent[]): void {
    const first = this.#recent[0]?.seq ?? this.#head + 1;
    const isNext = page.some((event) => event.seq === first - 1);
    if (isNext && this.#recent.length < MAX_BUFFERED)
      this.#recent.unshift(...page.filter((event) => event.seq < first));
    this.#trim(2 * MAX_BUFFERED, MAX_BUFFERED);
  }
}
