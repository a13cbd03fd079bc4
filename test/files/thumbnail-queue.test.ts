import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { RateLimitedError } from '../../src/errors.ts';
import { FairQueue } from '../../src/files/thumbnails/fair-queue.ts';

const [EVE, ADA] = [1, 2];

test('slow images of one user delay only that user', async () => {
  const queue = new FairQueue();
  const done: string[] = [];
  const work = (name: string, ms: number) => async () => {
    await pause(ms);
    done.push(name);
  };
  const slow = Array.from({ length: 8 }, (_, index) => queue.run(EVE, work(`eve ${index}`, 40)));
  await pause(10); // the first task of Eve is running
  const quick = Array.from({ length: 6 }, (_, index) => queue.run(ADA, work(`ada ${index}`, 1)));
  await Promise.all([...slow, ...quick]);
  expect(done.slice(1, 7)).toEqual(Array.from({ length: 6 }, (_, index) => `ada ${index}`));
  expect(done.filter((name) => name.startsWith('eve'))).toEqual(slow.map((_, index) => `eve ${index}`));
});

test('60 concurrent tasks of one user all run', async () => {
  const queue = new FairQueue();
  const all = Array.from({ length: 60 }, (_, index) => queue.run(EVE, async () => index));
  expect(await Promise.all(all)).toEqual(all.map((_, index) => index));
});

test('at most 500 tasks of one user wait, and those of other users are accepted', async () => {
  const queue = new FairQueue();
  const gate = Promise.withResolvers<void>();
  const all = [queue.run(EVE, () => gate.promise)];
  for (let index = 0; index < 500; index++) all.push(queue.run(EVE, async () => {}));
  expect(() => queue.run(EVE, async () => {})).toThrow(RateLimitedError);
  all.push(queue.run(ADA, async () => {}));
  gate.resolve();
  await Promise.all(all);
});

test('at most 2,000 tasks of all users wait', async () => {
  const queue = new FairQueue();
  const gate = Promise.withResolvers<void>();
  const all = [queue.run(EVE, () => gate.promise)];
  for (let index = 0; index < 2000; index++) all.push(queue.run(index, async () => {}));
  expect(() => queue.run(3000, async () => {})).toThrow(RateLimitedError);
  gate.resolve();
  await Promise.all(all);
});

test('a task that waits too long is rejected with RateLimitedError and does not run', async () => {
  const queue = new FairQueue(50);
  const gate = Promise.withResolvers<void>();
  const first = queue.run(EVE, () => gate.promise);
  let isDone = false;
  const late = queue.run(ADA, async () => {
    isDone = true;
  });
  await expect(late).rejects.toThrow(RateLimitedError);
  gate.resolve();
  await first;
  expect(await queue.run(ADA, async () => 7)).toBe(7);
  expect(isDone).toBe(false);
});

test('a task whose client disconnected does not run and occupies no slot', async () => {
  const queue = new FairQueue();
  const gate = Promise.withResolvers<void>();
  const first = queue.run(EVE, () => gate.promise);
  let done = 0;
  let isWanted = true;
  const work = async () => {
    done += 1;
  };
  const left = Array.from({ length: 500 }, () => queue.run(EVE, work, () => isWanted));
  const outcomes = Promise.allSettled(left);
  isWanted = false;
  const next = queue.run(EVE, async () => 7); // the queue of Eve was full before
  gate.resolve();
  expect(await next).toBe(7);
  await first;
  expect(new Set((await outcomes).map(({ status }) => status))).toEqual(new Set(['rejected']));
  expect(done).toBe(0);
});

test('the error of a task reaches its caller, and the next task runs', async () => {
  const queue = new FairQueue();
  await expect(queue.run(EVE, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await queue.run(EVE, async () => 7)).toBe(7);
});
