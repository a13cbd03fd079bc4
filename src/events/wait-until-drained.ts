import { SubscriberTooSlowError } from '../errors.ts';
import type { FrameSink } from './frame.ts';

/**
 * Resolves when the sink accepts more frames. Rejects with `SubscriberTooSlowError` when it makes
 * no progress for `timeoutMs`: a client that reads nothing would otherwise keep its connection.
 */
export async function waitUntilDrained(sink: FrameSink, timeoutMs: number): Promise<void> {
  const drained = sink.whenDrained();
  if (!drained) return;
  const timeout = Promise.withResolvers<never>();
  let before = sink.progress;
  const timer = setInterval(() => {
    if (sink.progress === before) timeout.reject(new SubscriberTooSlowError());
    before = sink.progress;
  }, timeoutMs).unref();
  try {
    await Promise.race([drained, timeout.promise]);
  } finally {
    clearInterval(timer);
  }
}
