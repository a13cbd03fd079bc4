import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { FairQueue } from '../../src/attachments/thumbnails/fair-queue.ts';
import { Busy } from '../../src/errors.ts';

const [EVE, ADA] = [1, 2];

test('pictures that take long make their own user wait, and no other', async () => {
  const queue = new FairQueue();
  const done: string[] = [];
  const work = (name: string, ms: number) => async () => {
    await pause(ms);
    done.push(name);
  };
  const slow = Array.from({ length: 8 }, (_, index) => queue.run(EVE, work(`eve ${index}`, 40)));
  await pause(10); // Eve's first is under way
  const quick = Array.from({ length: 6 }, (_, index) => queue.run(ADA, work(`ada ${index}`, 1)));
  await Promise.all([...slow, ...quick]);
  expect(done.slice(1, 7)).toEqual(Array.from({ length: 6 }, (_, index) => `ada ${index}`));
  expect(done.filter((name) => name.startsWith('eve'))).toEqual(slow.map((_, index) => `eve ${index}`));
});

test('one user may have only so many waiting, and others still find room', async () => {
  const queue = new FairQueue();
  const gate = Promise.withResolvers<void>();
  const all = [queue.run(EVE, () => gate.promise)];
  for (let index = 0; index < 32; index++) all.push(queue.run(EVE, async () => {}));
  expect(() => queue.run(EVE, async () => {})).toThrow(Busy);
  all.push(queue.run(ADA, async () => {}));
  gate.resolve();
  await Promise.all(all);
});

test('what fails is told to whoever asked, and the next is done', async () => {
  const queue = new FairQueue();
  await expect(queue.run(EVE, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await queue.run(EVE, async () => 7)).toBe(7);
});
