import { expect, test } from 'vitest';
import { openDatabase } from '../../src/database/open.ts';
import { deleteEventsBefore } from '../../src/events/log-retention.ts';
import { appendToLog } from '../../src/events/log-writer.ts';
import { createPlace } from '../support/database.ts';

async function openLog(times: readonly number[]) {
  await using stack = new AsyncDisposableStack();
  const { place } = stack.use(await createPlace());
  const database = stack.use(await openDatabase(place));
  await database.migrate();
  const em = database.em();
  const entries = times.map((time) => ({
    topic: 'Task:1' as const,
    type: 'FILE_ADDED' as const,
    at: new Date(time),
    payload: { time },
  }));
  await appendToLog(em, entries as never);
  const opened = stack.move();
  return {
    em,
    times: async () =>
      (await em.execute<{ at: number | string }[]>('select at from event_log order by seq')).map(({ at }) =>
        Number(at),
      ),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

test('old entries are deleted from the start of the log, and a topic never has a gap', async () => {
  await using log = await openLog([1000, 2000, 5000, 1500, 6000]);
  expect(await deleteEventsBefore(log.em, new Date(1000))).toBe(0);
  expect(await deleteEventsBefore(log.em, new Date(3000))).toBe(2);
  expect(await log.times()).toEqual([5000, 1500, 6000]);
  expect(await deleteEventsBefore(log.em, new Date(5001))).toBe(2);
  expect(await log.times()).toEqual([6000]);
});

test('more old entries than one statement deletes are deleted', async () => {
  const old = Array.from({ length: 10_050 }, (_, index) => index);
  await using log = await openLog([...old, 20_000, 20_001]);
  expect(await deleteEventsBefore(log.em, new Date(20_000))).toBe(old.length);
  expect(await log.times()).toEqual([20_000, 20_001]);
});

test('an entry with a time in the future keeps none of the others', async () => {
  const future = Date.now() + 1_000_000;
  await using log = await openLog([1000, future, 2000, 5000]);
  expect(await deleteEventsBefore(log.em, new Date(3000))).toBe(3);
  expect(await log.times()).toEqual([5000]);
});
