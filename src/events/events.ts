import type { Subscriber } from './subscriber.ts';
import type { Subscription } from './subscription.ts';
import type { Topic } from './topic.ts';

/** The events as the domain uses them: it reports new entries and subscribes to topics. */
export interface Events {
  /** The id of the log; see `readEpoch`. */
  readonly epoch: string;
  /** Reports that a transaction wrote to the log. Returns at once. */
  wake(): void;
  /**
   * Subscribes to a topic, from now on or after a cursor. Throws what the first `loadAccess` of the
   * subscriber throws, `BadUserInputError` for a cursor of another topic, `CursorExpiredError` when
   * events after the cursor are no longer stored, and `RateLimitedError` when the user or the key
   * of the subscriber has as many subscriptions as the limits allow.
   */
  subscribe(topic: Topic, subscriber: Subscriber, options?: SubscribeOptions): Promise<Subscription>;
  /** Returns the cursor of event `seq` of a topic, or of its last event when `seq` is omitted. */
  cursorOf(topic: Topic, seq?: number): Promise<string>;
}

export interface SubscribeOptions {
  /** The cursor after which to begin; now, when it is omitted. */
  after?: string | undefined;
  /**
   * The key of the query: subscriptions of one topic with the same key share their renders. Without
   * one, none are shared.
   */
  queryKey?: string | undefined;
  /**
   * Whether the subscription has a connection of its own, which counts towards the limit of
   * connections.
   */
  hasOwnConnection?: boolean | undefined;
}
