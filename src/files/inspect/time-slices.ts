import { setImmediate as yieldToEventLoop } from 'node:timers/promises';

/**
 * Runs work that blocks the event loop, such as the inspection of the first bytes of files: one
 * task after the other, with a yield to the event loop after each `SLICE_MS` of work. Otherwise the
 * files of one request, or of several that complete at once, would be inspected in one go and block
 * the server for the sum of their times. A task that waits for longer than `TIMEOUT_MS` does not
 * delay the next.
 */
const SLICE_MS = 10;
const TIMEOUT_MS = 100;

const queue: (() => Promise<void>)[] = [];
let isRunning = false;

/** Queues a task. Returns its result, or rejects with its error. */
export function runInTimeSlices<Result>(work: () => Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    queue.push(() => work().then(resolve, reject));
    if (!isRunning) void runAll();
  });
}

async function runAll(): Promise<void> {
  isRunning = true;
  let usedMs = 0;
  for (let task = queue.shift(); task; task = queue.shift()) {
    const start = performance.now();
    await waitAtMost(TIMEOUT_MS, task());
    usedMs += performance.now() - start;
    if (usedMs < SLICE_MS) continue;
    await yieldToEventLoop();
    usedMs = 0;
  }
  isRunning = false;
}

/** Waits for the promise for at most `ms` milliseconds. */
async function waitAtMost(ms: number, done: Promise<void>): Promise<void> {
  const timeout = Promise.withResolvers<void>();
  const timer = setTimeout(timeout.resolve, ms);
  await Promise.race([done, timeout.promise]);
  clearTimeout(timer);
}
