import { expect, test, vi } from 'vitest';
import { RequestBudgets } from '../../src/budget/request-budget.ts';
import { type MemoryUser, ResponseMemory } from '../../src/budget/response-memory.ts';
import type { Limits } from '../../src/context.ts';
import { RateLimitedError } from '../../src/errors.ts';

const holder = (userId: number): MemoryUser => ({ userId, held: 0 });
/** Whether the promise resolved immediately. */
async function isGiven(promise: Promise<void>): Promise<boolean> {
  return Promise.race([
    promise.then(() => true),
    new Promise<boolean>((resolve) => setImmediate(() => resolve(false))),
  ]);
}

test('one user holds at most a part of the memory, and other users get the rest', async () => {
  const memory = new ResponseMemory(100, 50);
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

test('a small reservation waits behind a large one of its request', async () => {
  const limits = { maxAnswerSize: 200_000 } as Limits;
  const idle = { total: 1, perUser: 1 };
  const budgets = new RequestBudgets(limits, { queries: idle, scans: idle });
  using waiting = budgets.open();
  {
    using first = budgets.open();
    expect(await isGiven(first.reserve(150_000))).toBe(true);
    expect(await isGiven(waiting.reserve(100))).toBe(true);
    const large = waiting.reserve(100_000);
    const small = waiting.reserve(100);
    expect([await isGiven(large), await isGiven(small)]).toEqual([false, false]);
    first[Symbol.dispose]();
    expect([await isGiven(large), await isGiven(small)]).toEqual([true, true]);
  }
  expect(await isGiven(waiting.reserve(100))).toBe(true);
});

test('requests that hold memory and need more never deadlock', async () => {
  const memory = new ResponseMemory(100, 100);
  const some = [holder(1), holder(1), holder(2)];
  for (const one of some) await memory.reserve(one, 33);
  const more = some.map((one) => memory.reserve(one, 33));
  const given = [];
  for (const one of more) given.push(await isGiven(one));
  expect(given.filter(Boolean)).toHaveLength(1);
  // A request that may continue completes and releases its memory, and then the next one may.
  while (some.length > 0) {
    const index = some.findIndex((one) => one.held > 33);
    expect(index).toBeGreaterThanOrEqual(0);
    memory.release(some.splice(index, 1)[0] as MemoryUser);
  }
});

test('a request that is released while it waits is rejected and holds nothing', async () => {
  const memory = new ResponseMemory(10, 10);
  const [first, gone, next] = [holder(1), holder(2), holder(3)];
  await memory.reserve(first, 10);
  const refused = Promise.all([
    expect(memory.reserve(gone, 10)).rejects.toThrow('disconnected'),
    expect(memory.reserve(gone, 5)).rejects.toThrow('disconnected'),
  ]);
  const last = memory.reserve(next, 10);
  memory.release(gone);
  await refused;
  memory.release(first);
  expect(await isGiven(last)).toBe(true);
  expect(gone.held).toBe(0);
  memory.release(next);
});

test('concurrent reservations of one request are granted one by one', async () => {
  const memory = new ResponseMemory(100, 100);
  const [first, second] = [holder(1), holder(2)];
  await memory.reserve(first, 80);
  const waiting = [30, 30, 30].map((bytes) => memory.reserve(second, bytes));
  expect(await isGiven(waiting[0] as Promise<void>)).toBe(false);
  memory.release(first);
  await Promise.all(waiting);
  expect(second.held).toBe(90);
  memory.release(second);
  expect(await isGiven(memory.reserve(holder(3), 100))).toBe(true);
});

test('requests of one user are served in order, and users take turns', async () => {
  const memory = new ResponseMemory(10, 10);
  const first = holder(1);
  await memory.reserve(first, 10);
  const order: number[] = [];
  const waiting = [1, 1, 1, 2, 3, 2].map(async (userId, index) => {
    const one = holder(userId);
    await memory.reserve(one, 10);
    order.push(index);
    memory.release(one);
  });
  memory.release(first);
  await Promise.all(waiting);
  expect(order).toEqual([0, 3, 4, 1, 5, 2]);
});

test('a request that waits too long is rejected with one error, and later ones proceed', async () => {
  vi.useFakeTimers();
  try {
    const memory = new ResponseMemory(100, 100);
    const [first, large, small] = [holder(1), holder(2), holder(2)];
    await memory.reserve(first, 50);
    const refused = Promise.allSettled([memory.reserve(large, 80), memory.reserve(large, 1)]);
    await vi.advanceTimersByTimeAsync(20_000);
    const next = memory.reserve(small, 50);
    await vi.advanceTimersByTimeAsync(10_001);
    const [one, other] = (await refused) as PromiseRejectedResult[];
    expect(one?.reason).toBeInstanceOf(RateLimitedError);
    expect(other?.reason).toBe(one?.reason);
    await next;
    expect(small.held).toBe(50);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

// Each case takes minutes when every call scans all waiting reservations.
const MANY = 20_000;

test.for([
  ['one request of one user', 1, 1],
  ['requests of one user', MANY, 1],
  ['requests of many users', MANY, MANY],
  ['requests of a few users', MANY, 7],
] as const)('twenty thousand waiting reservations are granted: %s', async ([_what, requests, users]) => {
  const memory = new ResponseMemory(200, 100);
  const full = [holder(-1), holder(-2)];
  for (const one of full) await memory.reserve(one, 100);
  const holders = Array.from({ length: requests }, (_, index) => holder(index % users));
  let given = 0;
  const left = new Map(holders.map((one) => [one, MANY / requests]));
  const waiting = Array.from({ length: MANY }, async (_, index) => {
    const one = holders[index % requests] as MemoryUser;
    await memory.reserve(one, requests === 1 ? 0.001 : 60);
    given += 1;
    const others = (left.get(one) ?? 0) - 1;
    left.set(one, others);
    if (others === 0) memory.release(one);
  });
  for (const one of full) memory.release(one);
  await Promise.all(waiting);
  expect(given).toBe(MANY);
});

test('thousands of requests that were released or timed out leave nothing behind', async () => {
  vi.useFakeTimers();
  try {
    const memory = new ResponseMemory(100, 100);
    const first = holder(1);
    await memory.reserve(first, 100);
    const wait = () => {
      const holders = Array.from({ length: 5000 }, () => holder(1));
      return { holders, settled: Promise.allSettled(holders.map((one) => memory.reserve(one, 60))) };
    };
    const gone = wait();
    for (const one of gone.holders) memory.release(one);
    expect((await gone.settled).every(({ status }) => status === 'rejected')).toBe(true);
    const late = wait();
    await vi.advanceTimersByTimeAsync(30_001);
    expect((await late.settled).every(({ status }) => status === 'rejected')).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
    memory.release(first);
    await memory.reserve(holder(2), 100);
  } finally {
    vi.useRealTimers();
  }
});
