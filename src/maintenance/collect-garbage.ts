import { performance } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const CHECK_MS = 5000;
/** An event loop that is active for a smaller part of the time is idle. */
const IDLE = 0.05;
/** A heap that has grown by fewer bytes is left to V8. */
const MIN_GROWTH = 32 * 1024 * 1024;

/**
 * Returns the memory of the start and of each burst of requests to the system, until it is disposed
 * of. V8 collects garbage when objects are allocated, so an idle process keeps the heap of the burst
 * before. Once the event loop is idle and its heap has grown, this collects the garbage, which
 * pauses the process for some tens of milliseconds; V8 releases the memory some seconds later.
 */
export function collectGarbageWhenIdle(): Disposable {
  const collect = garbageCollector();
  let before = performance.eventLoopUtilization();
  let lowest = 0;
  const check = () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    lowest = Math.min(lowest, heapSize());
    if (utilization > IDLE || heapSize() < lowest + MIN_GROWTH) return;
    collect();
    lowest = heapSize();
  };
  const timer = setInterval(check, CHECK_MS).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** The function that V8 gives to contexts which are created while this flag is set. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  return collect;
}

/** Bytes that V8 has reserved for objects, in use or not. */
const heapSize = (): number => getHeapStatistics().total_heap_size;
