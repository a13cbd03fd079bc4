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

/** Who listens, and whether that is still allowed. */
export interface Listener {
  userId: number;
  /** Rejects, with the error that the subscription ends with, when it no longer is. */
  check(): Promise<unknown>;
  /** Whether this one is for the listener; asked when it is about to be told. */
  hears(event: FileEvent): boolean;
}

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
  subscribe(topic: Topic, listener: Listener): AsyncIterableIterator<FileEvent, undefined> {
    const subscriber = new Subscriber(listener, () => {
      const others = this.#subscribers.get(topic);
      others?.delete(subscriber);
      if (others?.size === 0) this.#subscribers.delete(topic);
    });
    const others = this.#subscribers.get(topic);
    if (others) others.add(subscriber);
    else this.#subscribers.set(topic, new Set([subscriber]));
    return subscriber;
  }

  /**
   * To be called when somebody's rights have changed, or, without a user, when those of anybody may have.
   * From this moment on nothing is told to those concerned until they were found to be allowed still.
   */
  accessChanged({ userId }: { userId?: number }): void {
    for (const subscribers of this.#subscribers.values()) {
      for (const subscriber of subscribers) {
        if (userId === undefined || subscriber.listener.userId === userId) subscriber.checkAgain();
      }
    }
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
  readonly listener: Listener;
  readonly #queue: FileEvent[] = [];
  readonly #readers: PromiseWithResolvers<Result>[] = [];
  readonly #leave: () => void;
  /** Checks of the rights under way; while there are any, events wait in the queue. */
  #checks = 0;
  #ended = false;
  #failure: unknown;

  constructor(listener: Listener, leave: () => void) {
    this.listener = listener;
    this.#leave = leave;
  }

  push(event: FileEvent): void {
    if (this.#queue.length < QUEUE_LIMIT) this.#queue.push(event);
    else this.#fail(new SubscriberTooSlow());
    this.#serve();
  }

  checkAgain(): void {
    this.#checks += 1;
    this.listener.check().then(
      () => {
        this.#checks -= 1;
        this.#serve();
      },
      (error) => {
        this.#queue.length = 0;
        this.#fail(error);
      },
    );
  }

  next(): Promise<Result> {
    const reader = Promise.withResolvers<Result>();
    this.#readers.push(reader);
    this.#serve();
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

  /** Gives readers what there is for them: events first, then why it ended, then that it ended. */
  #serve(): void {
    while (this.#readers.length > 0) {
      const mayTell = this.#checks === 0 || this.#ended;
      while (mayTell && this.#queue[0] && !this.listener.hears(this.#queue[0])) this.#queue.shift();
      const canTell = this.#queue.length > 0 && mayTell;
      if (!canTell && !this.#ended) return;
      const reader = this.#readers.shift() as PromiseWithResolvers<Result>;
      const event = canTell ? this.#queue.shift() : undefined;
      if (event) reader.resolve({ done: false, value: event });
      else if (this.#failure !== undefined) {
        reader.reject(this.#failure);
        this.#failure = undefined;
      } else reader.resolve({ done: true, value: undefined });
    }
  }

  #fail(error: unknown): void {
    if (this.#ended) return;
    this.#failure = error;
    this.#end();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#leave();
    this.#serve();
  }
}
