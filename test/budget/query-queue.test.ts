import { describe, expect, test, vi } from 'vitest';
import type { QueryRequest } from '../../src/budget/query-lane.ts';
import { QueryQueue } from '../../src/budget/query-queue.ts';
import { RequestBudgets } from '../../src/budget/request-budget.ts';
import type { Limits } from '../../src/context.ts';
import { BadUserInputError, RateLimitedError } from '../../src/errors.ts';

const ofClient = (): QueryRequest => ({ isOfClient: true });

test('users take turns, however many queries each of them sends', async () => {
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

test('the next query runs after one that fails', async () => {
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

/** A queue whose only slot is occupied until `free` is called. */
async function occupiedQueue(queue = new QueryQueue({ total: 1, perUser: 1 })) {
  const { promise, resolve: free } = Promise.withResolvers<void>();
  const running = queue.run(
    1,
    () => promise,
    () => {},
  );
  const waitAs = (request: QueryRequest, userId = 1) =>
    queue.run(
      userId,
      async () => 'done',
      () => {},
      request,
    );
  const end = async () => {
    free();
    await running;
  };
  return { queue, waitAs, free: end };
}

const reasons = (settled: PromiseSettledResult<unknown>[]) =>
  settled.map((one) => (one.status === 'rejected' ? (one.reason as unknown) : 'done'));

describe('waiting queries', () => {
  test('of several requests of one user run in turns', async () => {
    const { waitAs, free } = await occupiedQueue();
    const order: string[] = [];
    const [large, small] = [ofClient(), ofClient()];
    const waiting = [
      ...Array.from({ length: 300 }, () => waitAs(large).then(() => order.push('large'))),
      ...Array.from({ length: 2 }, () => waitAs(small).then(() => order.push('small'))),
    ];
    await free();
    await Promise.all(waiting);
    expect(order.lastIndexOf('small')).toBeLessThan(6);
  });

  test('are rejected when their timeout passes, even thousands of them and before any of them ran', async () => {
    vi.useFakeTimers();
    try {
      const { waitAs, free } = await occupiedQueue();
      const large = ofClient();
      const waiting = Promise.allSettled([
        ...Array.from({ length: 5000 }, () => waitAs(large)),
        ...Array.from({ length: 100 }, () => waitAs(ofClient())),
        ...Array.from({ length: 2000 }, (_, index) => waitAs(ofClient(), 2 + index)),
      ]);
      await vi.advanceTimersByTimeAsync(30_001);
      const refused = reasons(await waiting);
      expect(refused).toHaveLength(7100);
      for (const reason of refused) expect(reason).toBeInstanceOf(RateLimitedError);
      expect(new Set(refused.slice(0, 5000)).size).toBe(1);
      await free();
      await vi.runAllTimersAsync();
      expect(await waitAs(ofClient())).toBe('done');
    } finally {
      vi.useRealTimers();
    }
  });

  test('of further requests are limited more strictly than the thousands of the first', async () => {
    const { waitAs, free } = await occupiedQueue();
    const [first, second, third] = [ofClient(), ofClient(), ofClient()];
    const ofFirst = Promise.allSettled(Array.from({ length: 2500 }, () => waitAs(first)));
    const ofSecond = Promise.allSettled(Array.from({ length: 400 }, () => waitAs(second)));
    const ofThird = Promise.allSettled(Array.from({ length: 20 }, () => waitAs(third)));
    const refused = reasons(await ofSecond);
    expect(refused[0]).toBeInstanceOf(RateLimitedError);
    expect(new Set(refused).size).toBe(1);
    await free();
    expect(new Set(reasons(await ofFirst))).toEqual(new Set(['done']));
    expect(new Set(reasons(await ofThird))).toEqual(new Set(['done']));
  });

  test('of one request are limited to 5,000', async () => {
    const { waitAs, free } = await occupiedQueue();
    const request = ofClient();
    const settled = Promise.allSettled(Array.from({ length: 5001 }, () => waitAs(request)));
    await free();
    expect(new Set(reasons(await settled)).size).toBe(1);
    expect(reasons(await settled)[0]).toBeInstanceOf(RateLimitedError);
  });

  test('of one user belong to at most 200 requests, apart from those of the server and of other users', async () => {
    const { waitAs, free } = await occupiedQueue();
    const own = Promise.allSettled(Array.from({ length: 250 }, () => waitAs(ofClient())));
    const server = Promise.allSettled(Array.from({ length: 250 }, () => waitAs({ isOfClient: false })));
    const other = waitAs(ofClient(), 2);
    await free();
    const results = reasons(await own);
    expect(results.filter((one) => one === 'done')).toHaveLength(200);
    expect(results.filter((one) => one instanceof RateLimitedError && one.retryAfterSeconds > 0)).toHaveLength(50);
    expect(new Set(reasons(await server))).toEqual(new Set(['done']));
    expect(await other).toBe('done');
  });

  test('of one user belong to at most 20 requests when the queries of that user are expensive', async () => {
    vi.useFakeTimers();
    try {
      const queue = new QueryQueue({ total: 1, perUser: 1 });
      const expensive = (request: QueryRequest) =>
        queue.run(
          1,
          () => new Promise<string>((resolve) => setTimeout(() => resolve('done'), 200)),
          () => {},
          request,
        );
      const first = expensive(ofClient());
      await vi.advanceTimersByTimeAsync(200);
      await first;
      const all = Promise.allSettled(Array.from({ length: 100 }, () => expensive(ofClient())));
      await vi.runAllTimersAsync();
      const results = reasons(await all);
      expect(results.filter((one) => one === 'done')).toHaveLength(20);
      expect(results.filter((one) => one instanceof RateLimitedError)).toHaveLength(80);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a request leaves no waiting queries or reservations', () => {
  const limits = { maxAnswerSize: 1024 * 1024, maxQueryMs: 1000, maxQueryCost: 10 } as Limits;
  const oneAtATime = { total: 1, perUser: 1 };
  const concurrency = { queries: oneAtATime, scans: oneAtATime };

  async function waitingBudget() {
    vi.useFakeTimers();
    const budgets = new RequestBudgets(limits, concurrency);
    const [other, budget] = [budgets.open(), budgets.open()];
    other.userId = 1;
    budget.userId = 2;
    const { promise, resolve: free } = Promise.withResolvers<void>();
    const running = other.query(() => promise);
    let ran = 0;
    const query = () =>
      budget.query(async () => {
        ran += 1;
      });
    const all = Promise.allSettled(Array.from({ length: 400 }, query));
    return { budgets, budget, query, all, free, running, ran: () => ran };
  }

  test('when its client disconnects', async () => {
    try {
      const { budget, query, all, free, running, ran } = await waitingBudget();
      budget[Symbol.dispose]();
      const refused = reasons(await all);
      expect(refused[0]).toBeInstanceOf(BadUserInputError);
      expect(new Set(refused).size).toBe(1);
      await expect(query()).rejects.toBe(refused[0]);
      expect(vi.getTimerCount()).toBe(0);
      free();
      await running;
      expect(ran()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test('when it exceeds its cost limit', async () => {
    try {
      const { budget, all, ran } = await waitingBudget();
      expect(() => budget.addCost(11)).toThrow('too much at once');
      expect(new Set(reasons(await all))).toEqual(new Set([budget.exceeded]));
      expect(vi.getTimerCount()).toBe(0);
      expect(ran()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test('when it exceeds its time limit', async () => {
    vi.useFakeTimers();
    try {
      const budget = new RequestBudgets(limits, concurrency).open();
      let ran = 0;
      const slow = async () => {
        ran += 1;
        await new Promise((resolve) => setTimeout(resolve, 1001));
      };
      const all = Promise.allSettled(Array.from({ length: 400 }, () => budget.query(slow)));
      await vi.advanceTimersByTimeAsync(1001);
      const [first, ...others] = reasons(await all);
      expect(first).toBe('done');
      expect(new Set(others)).toEqual(new Set([budget.exceeded]));
      expect(budget.exceeded?.message).toContain('took more than 1 seconds');
      expect(ran).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });

  test('when its client disconnects while it waits for memory', async () => {
    const budgets = new RequestBudgets(limits, concurrency);
    const [other, budget, next] = [budgets.open(), budgets.open(), budgets.open()];
    await other.reserve(1024 * 1024);
    const all = Promise.allSettled(Array.from({ length: 5 }, () => budget.reserve(100_000)));
    budget[Symbol.dispose]();
    for (const reason of reasons(await all)) expect(reason).toBeInstanceOf(BadUserInputError);
    other[Symbol.dispose]();
    await next.reserve(1024 * 1024);
    next[Symbol.dispose]();
  });
});
