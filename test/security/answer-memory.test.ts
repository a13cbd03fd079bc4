import { expect, test } from 'vitest';
import { AnswerMemory, type Holder } from '../../src/limits/answer-memory.ts';
import { QueryQueue } from '../../src/limits/query-queue.ts';

const holder = (userId: number): Holder => ({ userId, held: 0 });
/** Whether it was given at once. */
async function isGiven(promise: Promise<void>): Promise<boolean> {
  return Promise.race([
    promise.then(() => true),
    new Promise<boolean>((resolve) => setImmediate(() => resolve(false))),
  ]);
}

test('one user holds no more than a part of the memory, and others get the rest', async () => {
  const memory = new AnswerMemory(100, 50);
  const first = holder(1);
  expect(await isGiven(memory.reserve(first, 50))).toBe(true);
  const second = holder(1);
  const waiting = memory.reserve(second, 20);
  expect(await isGiven(waiting)).toBe(false);
  const other = holder(2);
  expect(await isGiven(memory.reserve(other, 50))).toBe(true);
  memory.release(first);
  expect(await isGiven(waiting)).toBe(true);
  memory.release(second);
  memory.release(other);
});

test('requests that hold some and need more never wait for each other for ever', async () => {
  const memory = new AnswerMemory(100, 100);
  const some = [holder(1), holder(1), holder(2)];
  for (const one of some) await memory.reserve(one, 33);
  const more = some.map((one) => memory.reserve(one, 33));
  const given = [];
  for (const one of more) given.push(await isGiven(one));
  expect(given.filter(Boolean)).toHaveLength(1);
  // Whoever may go on comes to its end, and then the next may.
  while (some.length > 0) {
    const index = some.findIndex((one) => one.held > 33);
    expect(index).toBeGreaterThanOrEqual(0);
    memory.release(some.splice(index, 1)[0] as Holder);
  }
});

test('who is gone waits for nothing, and holds nothing', async () => {
  const memory = new AnswerMemory(10, 10);
  const [first, gone, next] = [holder(1), holder(2), holder(3)];
  await memory.reserve(first, 10);
  void memory.reserve(gone, 10);
  const last = memory.reserve(next, 10);
  memory.release(gone);
  memory.release(first);
  expect(await isGiven(last)).toBe(true);
  expect(gone.held).toBe(0);
  memory.release(next);
});

test('users take turns, whatever number of queries each of them sends', async () => {
  const queue = new QueryQueue({ total: 1, perUser: 1 });
  const order: number[] = [];
  const run = (userId: number) =>
    queue.run(
      userId,
      async () => void order.push(userId),
      () => {},
    );
  await Promise.all([...Array.from({ length: 20 }, () => run(1)), run(2), run(3), run(2)]);
  expect(order).toHaveLength(23);
  expect(order.indexOf(2)).toBeLessThan(4);
  expect(order.indexOf(3)).toBeLessThan(4);
  expect(order.lastIndexOf(2)).toBeLessThan(8);
});

test('a query that fails leaves its turn to the next', async () => {
  const queue = new QueryQueue({ total: 1, perUser: 1 });
  const failing = queue.run(
    1,
    () => Promise.reject(new Error('no')),
    () => {},
  );
  const next = queue.run(
    1,
    async () => 'done',
    () => {},
  );
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('done');
});
