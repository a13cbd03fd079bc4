import { describe, expect, test } from 'vitest';
import type { Attachment } from '../src/database/entities/index.ts';
import { SubscriberTooSlow } from '../src/errors.ts';
import { EventHub, type FileEvent, type Listener } from '../src/events/hub.ts';

/** The event number so many; it can be told by its actor. */
const event = (number: number): FileEvent => ({
  type: 'FILE_ADDED',
  attachment: {} as Attachment,
  on: { type: 'Task', id: 1 },
  actorId: number,
  at: new Date(number),
});

type Subscription = ReturnType<EventHub['subscribe']>;
const done = { done: true, value: undefined };

/** The numbers of the next events. */
async function take(subscription: Subscription, count: number): Promise<(number | undefined)[]> {
  const numbers = [];
  for (let index = 0; index < count; index++) numbers.push((await subscription.next()).value?.actorId);
  return numbers;
}

/** One who is always allowed. */
const listener: Listener = { userId: 1, check: async () => {}, hears: () => true };

function publish(hub: EventHub, topics: string[], numbers: number[]): void {
  for (const number of numbers) hub.publish(topics, event(number));
}

test('events come in the order in which they were published', async () => {
  using hub = new EventHub();
  const subscription = hub.subscribe('Task:1', listener);
  publish(hub, ['Task:1'], [1, 2, 3]);
  expect(await take(subscription, 3)).toEqual([1, 2, 3]);
});

test('whoever asks before anything happened is answered when it does, in the order of asking', async () => {
  using hub = new EventHub();
  const subscription = hub.subscribe('Task:1', listener);
  const asked = [subscription.next(), subscription.next(), subscription.next()];
  publish(hub, ['Task:1'], [1, 2, 3]);
  expect((await Promise.all(asked)).map((result) => result.value?.actorId)).toEqual([1, 2, 3]);
});

test('a subscription hears what happens from its moment on, and nothing of before', async () => {
  using hub = new EventHub();
  publish(hub, ['Task:1'], [1]);
  const subscription = hub.subscribe('Task:1', listener);
  publish(hub, ['Task:1'], [2]);
  expect(await take(subscription, 1)).toEqual([2]);
});

test('a subscriber hears of its own topic alone', async () => {
  using hub = new EventHub();
  const [one, ten, project] = ['Task:1', 'Task:10', 'Project:1'].map((topic) => hub.subscribe(topic, listener)) as [
    Subscription,
    Subscription,
    Subscription,
  ];
  publish(hub, ['Task:1'], [1]);
  publish(hub, ['Task:10', 'Project:1'], [2]);
  publish(hub, ['Project:1'], [3]);
  publish(hub, ['Task:1', 'Project:1'], [4]);
  publish(hub, [], [5]);
  publish(hub, ['Nobody:1'], [6]);
  expect(await take(one, 2)).toEqual([1, 4]);
  expect(await take(ten, 1)).toEqual([2]);
  expect(await take(project, 3)).toEqual([2, 3, 4]);
});

test('subscribers to the same topic all hear everything, each at its own pace', async () => {
  using hub = new EventHub();
  const [fast, slow] = [hub.subscribe('Task:1', listener), hub.subscribe('Task:1', listener)];
  publish(hub, ['Task:1'], [1, 2]);
  expect(await take(fast, 2)).toEqual([1, 2]);
  publish(hub, ['Task:1'], [3]);
  expect(await take(fast, 1)).toEqual([3]);
  expect(await take(slow, 3)).toEqual([1, 2, 3]);
});

test('one that does not read is ended with an error, after what was kept for it, and the others hear on', async () => {
  using hub = new EventHub();
  const [slow, fast] = [hub.subscribe('Task:1', listener), hub.subscribe('Task:1', listener)];
  const MANY = 20_000;
  for (let number = 0; number < MANY; number++) {
    publish(hub, ['Task:1'], [number]);
    expect(await take(fast, 1)).toEqual([number]);
  }
  const kept: number[] = [];
  const reading = async () => {
    for await (const { actorId } of slow) kept.push(actorId);
  };
  await expect(reading()).rejects.toThrow(SubscriberTooSlow);
  expect(kept.length).toBeLessThan(MANY);
  expect(kept).toEqual(kept.map((_, index) => index)); // a gap would be worse than an end
  expect(await slow.next()).toEqual(done);
  expect(hub.size).toBe(1);
});

test('a burst is kept for one that reads a little later', async () => {
  using hub = new EventHub();
  const subscription = hub.subscribe('Task:1', listener);
  const burst = Array.from({ length: 500 }, (_, number) => number);
  publish(hub, ['Task:1'], burst);
  expect(await take(subscription, burst.length)).toEqual(burst);
});

test('one that leaves is forgotten, and is told nothing more', async () => {
  using hub = new EventHub();
  const [leaving, staying] = [hub.subscribe('Task:1', listener), hub.subscribe('Task:1', listener)];
  publish(hub, ['Task:1'], [1]);
  expect(await leaving.return?.()).toEqual(done);
  publish(hub, ['Task:1'], [2]);
  expect(await leaving.next()).toEqual(done);
  expect(await leaving.return?.()).toEqual(done);
  expect(hub.size).toBe(1);
  expect(await take(staying, 2)).toEqual([1, 2]);
});

test('leaving answers those who still wait', async () => {
  using hub = new EventHub();
  const subscription = hub.subscribe('Task:1', listener);
  const waiting = [subscription.next(), subscription.next()];
  await subscription.return?.();
  expect(await Promise.all(waiting)).toEqual([done, done]);
  expect(hub.size).toBe(0);
});

test('a loop that is left unsubscribes', async () => {
  using hub = new EventHub();
  const subscription = hub.subscribe('Task:1', listener);
  publish(hub, ['Task:1'], [1, 2]);
  for await (const _event of subscription) break;
  expect(hub.size).toBe(0);
});

test('one that leaves while an event is told to others keeps nobody from hearing it', async () => {
  using hub = new EventHub();
  const [first, second, third] = [
    hub.subscribe('Task:1', listener),
    hub.subscribe('Task:1', listener),
    hub.subscribe('Task:1', listener),
  ];
  const left = first.next().then(() => second.return?.());
  publish(hub, ['Task:1'], [1, 2]);
  await left;
  expect(await take(third, 2)).toEqual([1, 2]);
});

test('closing the hub ends every subscription, whether it waits or not', async () => {
  const hub = new EventHub();
  const [waiting, idle] = [hub.subscribe('Task:1', listener), hub.subscribe('Task:2', listener)];
  const answer = waiting.next();
  hub[Symbol.dispose]();
  expect(await answer).toEqual(done);
  expect(await idle.next()).toEqual(done);
  expect(hub.size).toBe(0);
});

describe('when rights change', () => {
  const revocable = (userId: number) => {
    const checks: PromiseWithResolvers<void>[] = [];
    const asked: Listener = {
      userId,
      hears: () => true,
      check() {
        checks.push(Promise.withResolvers());
        return (checks.at(-1) as PromiseWithResolvers<void>).promise;
      },
    };
    return { asked, checks };
  };

  test('nothing is told before the right was found to hold, and then all of it', async () => {
    using hub = new EventHub();
    const { asked, checks } = revocable(7);
    const subscription = hub.subscribe('Task:1', asked);
    hub.accessChanged({ userId: 7 });
    const next = subscription.next();
    publish(hub, ['Task:1'], [1, 2]);
    expect(await Promise.race([next, new Promise((resolve) => setImmediate(() => resolve('waits')))])).toBe('waits');
    checks[0]?.resolve();
    expect((await next).value?.actorId).toBe(1);
    expect(await take(subscription, 1)).toEqual([2]);
  });

  test('who has lost it hears nothing of what came after, but why it ended', async () => {
    using hub = new EventHub();
    const { asked, checks } = revocable(7);
    const subscription = hub.subscribe('Task:1', asked);
    hub.accessChanged({ userId: 7 });
    publish(hub, ['Task:1'], [1]);
    checks[0]?.reject(new Error('lost'));
    await expect(subscription.next()).rejects.toThrow('lost');
    expect(await subscription.next()).toEqual({ done: true, value: undefined });
    expect(hub.size).toBe(0);
  });

  test('others are not asked, unless anybody may be concerned', async () => {
    using hub = new EventHub();
    const { asked, checks } = revocable(7);
    hub.subscribe('Task:1', asked);
    hub.accessChanged({ userId: 8 });
    expect(checks).toHaveLength(0);
    hub.accessChanged({});
    expect(checks).toHaveLength(1);
    checks[0]?.resolve();
  });
});
