/**
 * Subscriptions over WebSocket that deliver every event once: across lost connections, restarts of
 * the server, and tokens that expire.
 */
import { Connection, type ConnectionOptions } from './connection.ts';
import type { OperationResult } from './errors.ts';
import { type IterateOptions, iterateSubscription } from './iterate.ts';
import { ResumingSubscription, type SubscriptionHost } from './resuming-subscription.ts';
import type { SubscribeOptions, SubscriptionRequest, SubscriptionSink } from './subscription.ts';

export { SignInRequiredError, type Token } from './credentials.ts';
export { type GraphQLResponseError, OperationError, type OperationResult } from './errors.ts';
export type { IterateOptions } from './iterate.ts';
export type { SubscribeOptions, SubscriptionRequest, SubscriptionSink } from './subscription.ts';

/**
 * - `idle`: there is no subscription.
 * - `connecting`: the first connection is being made.
 * - `catching-up`: connected, or paused by a slow loop; past events are still to be delivered.
 * - `connected`: all past events are delivered, and new ones arrive as they happen.
 * - `reconnecting`: the connection was lost, or could not be made.
 */
export type SubscriptionStatus = 'idle' | 'connecting' | 'catching-up' | 'connected' | 'reconnecting';

export interface SubscriptionClientOptions extends ConnectionOptions {
  onStatus?: (status: SubscriptionStatus) => void;
  /**
   * Whether the client reads the log to find out when it is `connected` instead of `catching-up`:
   * true unless given. Otherwise it is `connected` as soon as the connection is made.
   */
  reportsCatchUp?: boolean;
}

/** One WebSocket, which is open while there are subscriptions. */
export class SubscriptionClient implements AsyncDisposable {
  readonly #connection: Connection;
  readonly #host: SubscriptionHost;
  readonly #subscriptions = new Set<ResumingSubscription>();
  readonly #listeners = new Set<(status: SubscriptionStatus) => void>();
  #status: SubscriptionStatus = 'idle';
  #isDisposed = false;
  #isRetry = false;

  constructor(options: SubscriptionClientOptions) {
    if (options.onStatus) this.#listeners.add(options.onStatus);
    const connection = new Connection(options, { opened: () => this.#opened(), closed: () => this.#closed() });
    this.#connection = connection;
    this.#host = {
      socket: connection.socket,
      reportsCatchUp: options.reportsCatchUp ?? true,
      isOpen: () => connection.isOpen,
      retryDelay: connection.retryDelay,
      canRestart: connection.canRestart,
      onRetry: (error, delayMs) => options.onRetry?.(error, delayMs),
      statusChanged: () => this.#updateStatus(),
      ended: (subscription) => this.#ended(subscription),
    };
  }

  get status(): SubscriptionStatus {
    return this.#status;
  }

  /** Calls the listener at each change of the status. Returns a function that removes it. */
  onStatus(listener: (status: SubscriptionStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Subscribes from now on, or after the cursor `variables.after`. Returns a function that ends the
   * subscription. Throws a `TypeError` for a query without `$after`.
   */
  subscribe<Data = Record<string, unknown>>(
    request: SubscriptionRequest,
    sink: SubscriptionSink<Data>,
    options: SubscribeOptions = {},
  ): () => void {
    const subscription = this.#start(request, sink as SubscriptionSink<unknown>, options);
    return () => subscription.stop();
  }

  #start(
    request: SubscriptionRequest,
    sink: SubscriptionSink<unknown>,
    options: SubscribeOptions,
  ): ResumingSubscription {
    const subscription = new ResumingSubscription(this.#host, request, sink, options);
    if (this.#subscriptions.size === 0) this.#connection.needed();
    this.#subscriptions.add(subscription);
    if (this.#isDisposed) queueMicrotask(() => subscription.complete());
    else void subscription.start();
    this.#updateStatus();
    return subscription;
  }

  /**
   * The results of a subscription. Leaving the loop ends it, and so does `signal`. A loop that is
   * slower than the events pauses the subscription, which then continues after its last event.
   */
  iterate<Data = Record<string, unknown>>(
    request: SubscriptionRequest,
    options: SubscribeOptions & IterateOptions = {},
  ): AsyncGenerator<OperationResult<Data>, void> {
    const start = (sink: SubscriptionSink<Data>) => this.#start(request, sink as SubscriptionSink<unknown>, options);
    return iterateSubscription<Data>(start, options);
  }

  /**
   * Completes all subscriptions, and closes the connection. A later subscription completes at once.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    for (const subscription of this.#subscriptions) subscription.complete();
    this.#connection.dispose();
  }

  #opened(): void {
    for (const subscription of this.#subscriptions) void subscription.connected();
    this.#updateStatus();
  }

  #closed(): void {
    this.#isRetry = this.#subscriptions.size > 0;
    this.#updateStatus();
  }

  #ended(subscription: ResumingSubscription): void {
    this.#subscriptions.delete(subscription);
    if (this.#subscriptions.size === 0) {
      this.#connection.unneeded();
      this.#isRetry = false;
    }
    this.#updateStatus();
  }

  #updateStatus(): void {
    const status = this.#currentStatus();
    if (status === this.#status) return;
    this.#status = status;
    for (const listener of this.#listeners) listener(status);
  }

  #currentStatus(): SubscriptionStatus {
    if (this.#subscriptions.size === 0) return 'idle';
    const isPaused = [...this.#subscriptions].every((subscription) => subscription.isPaused);
    if (isPaused) return 'catching-up';
    if (!this.#connection.isOpen) return this.#isRetry ? 'reconnecting' : 'connecting';
    return [...this.#subscriptions].every(({ isCaughtUp }) => isCaughtUp) ? 'connected' : 'catching-up';
  }
}
