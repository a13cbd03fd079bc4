import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ReadTurns } from '../../src/storage/read-turns.ts';

test('a thousand reads that begin at once leave turns of the event loop to others, in their order', async () => {
  const turns = new ReadTurns();
  const begun: number[] = [];
  const all = Promise.all(Array.from({ length: 1000 }, (_, index) => turns.next().then(() => begun.push(index))));
  const steps: number[] = [];
  while (begun.length < 1000) {
    const before = begun.length;
    await nextTurn();
    steps.push(begun.length - before);
  }
  await all;
  expect(Math.max(...steps)).toBeLessThan(20);
  expect(begun).toEqual(Array.from({ length: 1000 }, (_, index) => index));
});

test('reads begin later as well, after others have ended', async () => {
  const turns = new ReadTurns();
  await turns.next();
  await nextTurn();
  const begun = await Promise.all([turns.next().then(() => 'first'), turns.next().then(() => 'second')]);
  expect(begun).toEqual(['first', 'second']);
});
