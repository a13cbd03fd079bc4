/**
 * Subscriptions over WebSocket that deliver every event once: across lost connections, restarts of
 * the server, and tokens that expire.
 */
import { type Client, createClient } from 'graphql-ws';
import { backoffMs, pause } from './backoff.ts';
import { authorizationOf, SignInRequiredError, type Token } from './credentials.ts';
import type { OperationResult } from './errors.ts';
import { type IterateOptions, iterateSubscription } from './iterate.ts';
import {
  ResumingSubscription,
  type SubscribeOptions,
  type SubscriptionRequest,
  type SubscriptionSink,
} from './subscription.ts';

export { SignInRequiredError, type Token } from './credentials.ts';
export { type GraphQLResponseError, OperationError, type OperationResult } from './errors.ts';
export type { IterateOptions } from './iterate.ts';
export type { SubscribeOptions, SubscriptionRequest, SubscriptionSink } from './subscription.ts';

/**
 * - `idle`: there is no subscription.
 * - `connecting`: the first connection is being made.
 * - `catching-up`: connected, or paused by a slow loop; events of the past are still to be delivered.
 * - `connected`: all past events are delivered, and new ones arrive as they happen.
 * - `reconnecting`: the connection was lost, or could not be made.
 */
export type SubscriptionStatus = 'idle' | 'connecting' | 'catching-up' | 'connected' | 'reconnecting';

export interface SubscriptionClientOptions {
  /** The address of `/graphql`, with `http`, `https`, `ws` or `wss`. */
  url: string;
  token?: Token;
  onStatus?: (status: SubscriptionStatus) => void;
  /** For environments without a global `WebSocket`, such as the one of the package `ws`. */
  webSocketImpl?: unknown;
  /** The milliseconds to wait before an attempt, counted from 0, to connect or subscribe again. */
  retryDelay?: (attempt: number) => number;
}

/** Close codes after which the same client would only be refused again. 4401 is handled apart. */
const FATAL = new Set([1002, 1003, 1007, 1008, 1009, 1010, 4400, 4401, 4406, 4409, 4429]);
const UNAUTHORIZED = 4401;

/** A dead connection is noticed after these two together. */
const PING_MS = 12_000;
const PONG_MS = 5000;
const ACKNOWLEDGE_MS = 10_000;

/** The connection stays open for so long without subscriptions: the next one may follow. */
const LINGER_MS = 500;

/** A connection that was open for so long counts as successful. */
const LASTING_MS = 10_000;

/** One WebSocket, which is open while there are subscriptions. */
export class SubscriptionClient implements AsyncDisposable {
  readonly #options: SubscriptionClientOptions;
  readonly #socket: Client;
  readonly #subscriptions = new Set<ResumingSubscription>();
  #status: SubscriptionStatus = 'idle';
  readonly #listeners = new Set<(status: SubscriptionStatus) => void>();
  #isDisposed = false;
  #isOpen = false;
  #isRetry = false;
  /** Attempts to connect since the last connection that lasted. */
  #attempts = 0;
  #openedAt = 0;
  /** How often in succession the server refused the token. */
  #refusals = 0;
  #pongTimer: ReturnType<typeof setTimeout> | undefined;
  #idle = new AbortController();

  constructor(options: SubscriptionClientOptions) {
    this.#options = options;
    if (options.onStatus) this.#listeners.add(options.onStatus);
    this.#socket = createClient({
      url: options.url.replace(/^http/, 'ws'),
      connectionParams: async () => {
        const authorization = await authorizationOf(options.token, this.#refusals > 0);
        return authorization === undefined ? {} : { authorization };
      },
      retryAttempts: Number.POSITIVE_INFINITY,
      shouldRetry: (error) => !(error instanceof SignInRequiredError),
      retryWait: () => this.#waitToRetry(),
      lazyCloseTimeout: LINGER_MS,
      connectionAckWaitTimeout: ACKNOWLEDGE_MS,
      keepAlive: PING_MS,
      ...(options.webSocketImpl ? { webSocketImpl: options.webSocketImpl } : {}),
      on: {
        connected: () => this.#connected(),
        closed: (event) => this.#closed((event as { code?: number }).code),
        ping: (received) => {
          if (!received) this.#pongTimer = setTimeout(() => this.#socket.terminate(), PONG_MS);
        },
        pong: (received) => {
          if (received) clearTimeout(this.#pongTimer);
        },
      },
    });
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
    const host = {
      socket: this.#socket,
      isOpen: () => this.#isOpen,
      retryDelay: this.#options.retryDelay ?? backoffMs,
      canRestart: (error: unknown) => this.#canRestart(error),
      statusChanged: () => this.#updateStatus(),
      ended: (subscription: ResumingSubscription) => this.#ended(subscription),
    };
    const subscription = new ResumingSubscription(host, request, sink, options);
    if (this.#subscriptions.size === 0) this.#idle = new AbortController();
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

  /** Completes all subscriptions, and closes the connection. A later subscription completes at once. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    for (const subscription of this.#subscriptions) subscription.complete();
    // Rejects when the client was still connecting.
    void Promise.resolve(this.#socket.dispose()).catch(() => {});
  }

  #connected(): void {
    this.#isOpen = true;
    this.#openedAt = Date.now();
    this.#refusals = 0;
    for (const subscription of this.#subscriptions) void subscription.connected();
    this.#updateStatus();
  }

  #closed(code: number | undefined): void {
    clearTimeout(this.#pongTimer);
    // A server that accepts connections and closes them at once gets growing pauses.
    if (this.#isOpen && Date.now() - this.#openedAt > LASTING_MS) this.#attempts = 0;
    this.#isOpen = false;
    this.#isRetry = this.#subscriptions.size > 0;
    if (code === UNAUTHORIZED) this.#refusals += 1;
    this.#updateStatus();
  }

  /** Ends early when there are no subscriptions left: the connection is not needed then. */
  async #waitToRetry(): Promise<void> {
    const delay = (this.#options.retryDelay ?? backoffMs)(this.#attempts);
    this.#attempts += 1;
    await pause(delay, this.#idle.signal).catch(() => {});
  }

  /** A token function gets one chance to return a token that the server accepts. */
  #canRestart(error: unknown): boolean {
    const code = (error as { code?: unknown } | null)?.code;
    if (code === UNAUTHORIZED) return typeof this.#options.token === 'function' && this.#refusals === 1;
    return typeof code !== 'number' || !FATAL.has(code);
  }

  #ended(subscription: ResumingSubscription): void {
    this.#subscriptions.delete(subscription);
    if (this.#subscriptions.size === 0) {
      this.#idle.abort();
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
    if (!this.#isOpen) return this.#isRetry ? 'reconnecting' : 'connecting';
    return [...this.#subscriptions].every(({ isCaughtUp }) => isCaughtUp) ? 'connected' : 'catching-up';
  }
}
