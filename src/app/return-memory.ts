import { performance } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const CHECK_MS = 5000;
/** The event loop is idle while it is active for at most this part of the time. */
const MAX_UTILIZATION = 0.05;
/** A heap that has grown by fewer bytes, or by less than a half, is left to V8. */
const MIN_GROWTH = 32 * 1024 * 1024;
/** The shortest time between two collections, of which each pauses the process. */
const MIN_INTERVAL_MS = 60_000;

/**
 * Returns the memory of the start and of each burst of requests to the system, until it is disposed
 * of. V8 shrinks the heap by itself, but only after a full collection of garbage, and an idle
 * process allocates too little to have one. So this starts one when the event loop is idle and the
 * heap has grown. The pause grows with what is in use: some tens of milliseconds for 40 to 100 MiB.
 */
export function returnMemoryWhenIdle(): Disposable {
  const collect = garbageCollector();
  let measured = performance.eventLoopUtilization();
  // 0, so that all that the start has left counts as growth.
  let baseline = 0;
  let collectedAt = Number.NEGATIVE_INFINITY;
  const check = () => {
    const before = measured;
    measured = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(measured, before);
    const size = heapSize();
    baseline = Math.min(baseline, size);
    const hasGrown = size - baseline >= Math.max(MIN_GROWTH, baseline / 2);
    if (utilization > MAX_UTILIZATION || !hasGrown || performance.now() - collectedAt < MIN_INTERVAL_MS) return;
    collect();
    collectedAt = performance.now();
    baseline = heapSize();
  };
  const timer = setInterval(check, CHECK_MS).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/**
 * The function that V8 gives to contexts that are created while this flag is set. The flag of the
 * command line would do the same, but there are several commands that start a server.
 */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  return collect;
}

/** Bytes that V8 has reserved for objects, in use or not. */
const heapSize = (): number => getHeapStatistics().total_heap_size;
