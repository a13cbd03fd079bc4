import type { Client } from 'graphql-ws';
import { pause } from './backoff.ts';
import { catchUp } from './catch-up.ts';
import { SignInRequiredError } from './credentials.ts';
import { DeliveredCursors } from './delivered-cursors.ts';
import { isTemporary, OperationError, type OperationResult, retryAfterMs } from './errors.ts';
import { runQuery } from './run-query.ts';

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
   * and return its `eventCursor`. Without this, or when five cursors in succession have expired, the
   * subscription ends with `CURSOR_EXPIRED`.
   */
  onCursorExpired?: () => string | Promise<string>;
}

/** What a subscription needs of its client. */
export interface SubscriptionHost {
  socket: Client;
  /** Whether the connection is open. */
  isOpen(): boolean;
  /** The milliseconds to wait before an attempt, counted from 0. */
  retryDelay(attempt: number): number;
  /** Whether a subscription that ended with this error may be started again. */
  canRestart(error: unknown): boolean;
  statusChanged(): void;
  ended(subscription: ResumingSubscription): void;
}

/** After so many expired cursors in succession, a subscription ends. */
const MAX_EXPIRATIONS = 5;

/** A subscription that ran for so long had a cursor that the server accepted. */
const LASTING_MS = 10_000;

const START_CURSOR =
  'query StartCursor($on: ID!) { node(id: $on) { ... on Attachable { files(first: 1) { eventCursor } } } }';

interface StartCursor extends Record<string, unknown> {
  node: { files?: { eventCursor: string } } | null;
}

/** One subscription of a client. It runs from `start` until it ends or `stop` is called. */
export class ResumingSubscription {
  /** Whether everything is delivered that had happened when the connection was made. */
  isCaughtUp = false;
  readonly #host: SubscriptionHost;
  readonly #sink: SubscriptionSink<unknown>;
  readonly #options: SubscribeOptions;
  /** graphql-ws sends this object again at each new connection: its `after` is the last cursor. */
  readonly #request: SubscriptionRequest & { variables: Record<string, unknown> };
  readonly #delivered = new DeliveredCursors();
  readonly #ending = new AbortController();
  #failures = 0;
  /** Expired cursors since the last event, or since the subscription last ran for a while. */
  #expirations = 0;
  #startedAt = 0;
  /** Whether it receives no events until `resume`. */
  isPaused = false;
  #onResume = () => {};
  #isReceiving = false;
  #receiving = new AbortController();
  #catchingUp = new AbortController();

  constructor(
    host: SubscriptionHost,
    request: SubscriptionRequest,
    sink: SubscriptionSink<unknown>,
    options: SubscribeOptions,
  ) {
    if (!/\$after\b/.test(request.query))
      throw new TypeError('The subscription cannot be resumed: declare $after, and pass it to the field as `after`.');
    this.#host = host;
    this.#request = { ...request, variables: { ...request.variables } };
    this.#sink = sink;
    this.#options = options;
  }

  /** Runs until the subscription ends. */
  async start(): Promise<void> {
    const { signal } = this.#ending;
    try {
      while (!signal.aborted) {
        try {
          await this.#resumption();
          await this.#findStart();
          if (await this.#receive().finally(() => this.#interrupted())) break;
        } catch (error) {
          await this.#recover(error);
        }
      }
      if (!signal.aborted) this.#end(() => this.#sink.complete());
    } catch (error) {
      if (!signal.aborted) this.#end(() => this.#sink.error(error));
    }
  }

  /** Ends the subscription without a call of its sink. */
  stop(): void {
    if (!this.#ending.signal.aborted) this.#end(() => {});
  }

  /** Ends the subscription, and completes its sink. */
  complete(): void {
    if (!this.#ending.signal.aborted) this.#end(() => this.#sink.complete());
  }

  /**
   * Ends the subscription on the server until `resume`, which continues after the last event that
   * was delivered. Without a cursor it would miss events, and is not paused.
   */
  pause(): void {
    if (typeof this.#request.variables.after !== 'string') return;
    this.isPaused = true;
    this.#receiving.abort();
  }

  resume(): void {
    this.isPaused = false;
    this.#onResume();
  }

  #resumption(): Promise<void> {
    return new Promise((resolve) => {
      this.#onResume = resolve;
      if (!this.isPaused) resolve();
    });
  }

  #end(report: () => void): void {
    this.#ending.abort();
    this.#receiving.abort();
    this.resume();
    this.#catchingUp.abort();
    this.#host.ended(this);
    report();
  }

  /** Takes the current position as cursor, so that no connection is the first. */
  async #findStart(): Promise<void> {
    const { variables } = this.#request;
    if (typeof variables.after === 'string' || typeof variables.on !== 'string') return;
    const request = { query: START_CURSOR, variables: { on: variables.on } };
    try {
      const { node } = await runQuery<StartCursor>(this.#host.socket, request, this.#ending.signal);
      if (node?.files) variables.after = node.files.eventCursor;
    } catch (error) {
      // What may not be seen is refused again when the subscription starts. A server that executes
      // only trusted documents refuses this query alone.
      if (!(error instanceof OperationError) || isTemporary(error.code)) throw error;
    }
  }

  #interrupted(): void {
    this.#isReceiving = false;
    this.isCaughtUp = false;
    this.#catchingUp.abort();
    this.#host.statusChanged();
  }

  /** Resolves with whether the server has completed the subscription: else it was paused or ended. */
  #receive(): Promise<boolean> {
    this.#receiving = new AbortController();
    const { signal } = this.#receiving;
    const settled = new AbortController();
    return new Promise<boolean>((resolve, reject) => {
      if (this.#ending.signal.aborted || this.isPaused) return resolve(false);
      let refusal: OperationError | undefined;
      const unsubscribe = this.#host.socket.subscribe<Record<string, unknown>>(this.#request, {
        next: (result) => {
          // A response without `data` is a refusal. An event with an error has `data: null`.
          if (result.data === undefined && result.errors) refusal = new OperationError(result.errors);
          else if (!signal.aborted) this.#deliver(result);
        },
        error: (error) => reject(Array.isArray(error) ? new OperationError(error) : error),
        complete: () => (refusal ? reject(refusal) : resolve(true)),
      });
      const stop = () => {
        resolve(false);
        unsubscribe();
      };
      signal.addEventListener('abort', stop, { signal: settled.signal });
      this.#isReceiving = true;
      this.#startedAt = Date.now();
      if (this.#host.isOpen()) void this.connected();
    }).finally(() => settled.abort());
  }

  #deliver(result: OperationResult): void {
    const cursor = cursorIn(result);
    if (cursor !== undefined && this.#delivered.has(cursor)) return;
    this.#failures = 0;
    this.#expirations = 0;
    try {
      if (cursor === undefined && result.data)
        throw new TypeError('The subscription cannot be resumed: select its `cursor`.');
      this.#sink.next(result);
    } catch (error) {
      // graphql-ws would take it for an invalid message, and close the connection of all others.
      this.#end(() => this.#sink.error(error));
      return;
    }
    if (cursor === undefined) return;
    this.#request.variables.after = cursor;
    this.#delivered.add(cursor);
  }

  /** Waits until the subscription may be started again, or throws the error that ends it. */
  async #recover(error: unknown): Promise<void> {
    const { signal } = this.#ending;
    if (signal.aborted) return;
    if (error instanceof OperationError && error.code === 'CURSOR_EXPIRED' && this.#options.onCursorExpired) {
      if (Date.now() - this.#startedAt > LASTING_MS) this.#expirations = 0;
      this.#expirations += 1;
      if (this.#expirations >= MAX_EXPIRATIONS) throw error;
      if (this.#expirations > 1) await pause(this.#host.retryDelay(this.#expirations - 2), signal);
      this.#request.variables.after = await this.#options.onCursorExpired();
      return;
    }
    if (error instanceof SignInRequiredError) throw error;
    const isPassing = error instanceof OperationError ? isTemporary(error.code) : this.#host.canRestart(error);
    if (!isPassing) throw error;
    const requested = error instanceof OperationError ? retryAfterMs(error.errors) : 0;
    await pause(Math.max(requested, this.#host.retryDelay(this.#failures)), signal);
    this.#failures += 1;
  }

  /** Called at each new connection: finds out when everything that happened before is delivered. */
  async connected(): Promise<void> {
    if (!this.#isReceiving) return;
    this.#catchingUp.abort();
    this.#catchingUp = new AbortController();
    const { signal } = this.#catchingUp;
    const { on, after } = this.#request.variables;
    this.isCaughtUp = false;
    if (typeof on === 'string' && typeof after === 'string')
      await catchUp({
        position: { on, after },
        isAdded: /\bfileAdded\b/.test(this.#request.query),
        query: (request) => runQuery(this.#host.socket, request, signal),
        arrival: (cursor) => this.#delivered.arrival(cursor),
        signal,
      });
    if (signal.aborted) return;
    this.isCaughtUp = true;
    this.#host.statusChanged();
  }
}

/** The cursor of an event: that of the only field of a subscription, whatever its alias. */
function cursorIn({ data }: OperationResult): string | undefined {
  const [event] = Object.values(data ?? {});
  const cursor = (event as { cursor?: unknown } | null | undefined)?.cursor;
  return typeof cursor === 'string' ? cursor : undefined;
}
