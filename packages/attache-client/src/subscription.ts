import type { OperationResult } from './errors.ts';

/**
 * A subscription that declares `$after`, passes it on, and selects `cursor`. With `$on` as a
 * variable, it also misses nothing before its first event.
 */
export interface SubscriptionRequest {
  query: string;
  variables?: Record<string, unknown> | undefined;
  operationName?: string | undefined;
  extensions?: Record<string, unknown> | undefined;
}

/** Receives the events of a subscription, in order and each once. */
export interface SubscriptionSink<Data> {
  next(result: OperationResult<Data>): void;
  error(error: unknown): void;
  complete(): void;
}

export interface SubscribeOptions {
  /**
   * Called when events after the last cursor are no longer in the server's log. Read the list again
   * and return its `eventCursor`. Without this, or when five cursors in succession have expired,
   * the subscription ends with `CURSOR_EXPIRED`.
   */
  onCursorExpired?: () => string | Promise<string>;
}

/** The cursor of an event: that of the only field of a subscription, whatever its alias. */
export function cursorIn({ data }: OperationResult): string | undefined {
  const [event] = Object.values(data ?? {});
  const cursor = (event as { cursor?: unknown } | null | undefined)?.cursor;
  return typeof cursor === 'string' ? cursor : undefined;
}
