import type { AttachableRef, Attachment } from '../database/entities/index.ts';
import { SubscriberTooSlow } from '../errors.ts';

/** Something that happened to a file, told after the transaction that did it. */
export interface FileEvent {
  type: 'FILE_ADDED';
  /** The file's row and its place there, as they were then. */
  attachment: Attachment;
  /** Where it happened. */
  on: AttachableRef;
  /** The user who did it. */
  actorId: number;
  at: Date;
}

/** A place that can be listened to: an attachable, written `Task:1`. */
export type Topic = string;

export const topicOf = (ref: AttachableRef): Topic => `${ref.type}:${ref.id}`;

/** Events that may wait for one subscriber before it is cut off. */
const QUEUE_LIMIT = 10_000;

/**
 * Tells the subscribers of this process what happened, in order. Telling never waits for anybody: each subscriber
 * has a queue of its own, and one that is too slow for it is ended with an error rather than buffered without bound.
 */
export class EventHub implements Disposable {
  readonly #subscribers = new Map<Topic, Set<Subscriber>>();

  publish(topics: readonly Topic[], event: FileEvent): void {
    for (const topic of topics) {
      for (const subscriber of this.#subscribers.get(topic) ?? []) subscriber.push(event);
    }
  }

  /** Listens from this moment on, whether or not the first event was asked for yet. */
  subscribe(topic: Topic): AsyncIterableIterator<FileEvent, undefined> {
    const subscriber = new Subscriber(() => {
      const others = this.#subscribers.get(topic);
      others?.delete(subscriber);
      if (others?.size === 0) this.#subscribers.delete(topic);
    });
    const others = this.#subscribers.get(topic);
    if (others) others.add(subscriber);
    else this.#subscribers.set(topic, new Set([subscriber]));
    return subscriber;
  }

  /** Subscriptions now open. */
  get size(): number {
    let size = 0;
    for (const subscribers of this.#subscribers.values()) size += subscribers.size;
    return size;
  }

  /** Ends every subscription. */
  [Symbol.dispose](): void {
    for (const subscribers of [...this.#subscribers.values()]) {
      for (const subscriber of [...subscribers]) void subscriber.return();
    }
  }
}

type Result = IteratorResult<FileEvent, undefined>;

class Subscriber implements AsyncIterableIterator<FileEvent, undefined> {
  readonly #queue: FileEvent[] = [];
  readonly #readers: PromiseWithResolvers<Result>[] = [];
  readonly #leave: () => void;
  #ended = false;
  #failure: Error | undefined;

  constructor(leave: () => void) {
    this.#leave = leave;
  }

  push(event: FileEvent): void {
    const reader = this.#readers.shift();
    if (reader) reader.resolve({ done: false, value: event });
    else if (this.#queue.length < QUEUE_LIMIT) this.#queue.push(event);
    else {
      this.#failure = new SubscriberTooSlow();
      this.#end();
    }
  }

  async next(): Promise<Result> {
    const event = this.#queue.shift();
    if (event) return { done: false, value: event };
    if (this.#failure) {
      const failure = this.#failure;
      this.#failure = undefined;
      throw failure;
    }
    if (this.#ended) return { done: true, value: undefined };
    const reader = Promise.withResolvers<Result>();
    this.#readers.push(reader);
    return reader.promise;
  }

  async return(): Promise<Result> {
    this.#queue.length = 0;
    this.#end();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<Result> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#leave();
    for (const reader of this.#readers.splice(0)) reader.resolve({ done: true, value: undefined });
  }
}
