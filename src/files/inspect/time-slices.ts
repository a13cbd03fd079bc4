import { setImmediate as yieldToOthers } from 'node:timers/promises';

/**
 * Runs work that keeps the processor, such as looking at the first bytes of files: one piece after the other, and after each
 * `SHARE_MS` of it, everybody else has their turn. Without it, the files of a request, or of several that end at
 * once, are looked at in one go, and their times add up. A piece that waits for something for longer than
 * `PATIENCE_MS` holds up no other.
 */
const SHARE_MS = 10;
const PATIENCE_MS = 100;

const queue: (() => Promise<void>)[] = [];
let isRunning = false;

export function runInTimeSlices<Result>(work: () => Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    queue.push(() => work().then(resolve, reject));
    if (!isRunning) void runAll();
  });
}

async function runAll(): Promise<void> {
  isRunning = true;
  let usedMs = 0;
  for (let piece = queue.shift(); piece; piece = queue.shift()) {
    const since = performance.now();
    await within(PATIENCE_MS, piece());
    usedMs += performance.now() - since;
    if (usedMs < SHARE_MS) continue;
    await yieldToOthers();
    usedMs = 0;
  }
  isRunning = false;
}

async function within(ms: number, done: Promise<void>): Promise<void> {
  const over = Promise.withResolvers<void>();
  const timer = setTimeout(over.resolve, ms);
  await Promise.race([done, over.promise]);
  clearTimeout(timer);
}
