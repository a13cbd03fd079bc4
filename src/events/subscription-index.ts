import type { AccessChange } from './log-writer.ts';
import type { Subscription } from './subscription.ts';
import type { Topic } from './topic.ts';

/** The open subscriptions of a node, by user and by topic. */
export class SubscriptionIndex {
  readonly #byUser = new Map<number, Set<Subscription>>();
  readonly #byTopic = new Map<Topic, Set<Subscription>>();

  add(subscription: Subscription, userId: number): void {
    addTo(this.#byUser, userId, subscription);
    addTo(this.#byTopic, subscription.topic, subscription);
  }

  delete(subscription: Subscription, userId: number): void {
    deleteFrom(this.#byUser, userId, subscription);
    deleteFrom(this.#byTopic, subscription.topic, subscription);
  }

  /** The subscriptions whose access may have changed. */
  affectedBy(change: AccessChange): Iterable<Subscription> {
    return ('userId' in change ? this.#byUser.get(change.userId) : this.#byTopic.get(change.topic)) ?? [];
  }

  all(): Subscription[] {
    return [...this.#byTopic.values()].flatMap((some) => [...some]);
  }

  get size(): number {
    return [...this.#byTopic.values()].reduce((sum, some) => sum + some.size, 0);
  }
}

function addTo<Key, Value>(sets: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const set = sets.get(key);
  if (set) set.add(value);
  else sets.set(key, new Set([value]));
}

function deleteFrom<Key, Value>(sets: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const set = sets.get(key);
  set?.delete(value);
  if (set?.size === 0) sets.delete(key);
}
