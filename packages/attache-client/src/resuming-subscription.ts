import type { Client } from 'graphql-ws';
import { catchUp } from './catch-up.ts';
import { DeliveredCursors } from './delivered-cursors.ts';
import type { OperationResult } from './errors.ts';
import { receive } from './receive.ts';
import { Recovery, type RecoveryHost } from './recovery.ts';
import { runQuery } from './run-query.ts';
import { findStartCursor } from './start-cursor.ts';
import { cursorIn, type SubscribeOptions, type SubscriptionRequest, type SubscriptionSink } from './subscription.ts';

/** What a subscription needs of its client. */
export interface SubscriptionHost extends RecoveryHost {
  socket: Client;
  /** Whether to find out when past events are delivered. */
  reportsCatchUp: boolean;
  /** Whether the connection is open. */
  isOpen(): boolean;
  statusChanged(): void;
  ended(subscription: ResumingSubscription): void;
}

/** One subscription of a client. It runs from `start` until it ends or `stop` is called. */
export class ResumingSubscription {
  /** Whether everything is delivered that had happened when the connection was made. */
  isCaughtUp = false;
  /** Whether it receives no events until `resume`. */
  isPaused = false;
  readonly #host: SubscriptionHost;
  readonly #sink: SubscriptionSink<unknown>;
  /** Its `after` is the last cursor. */
  readonly #request: SubscriptionRequest & { variables: Record<string, unknown> };
  readonly #delivered = new DeliveredCursors();
  readonly #ending = new AbortController();
  readonly #recovery: Recovery;
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
    this.#recovery = new Recovery(host, options, this.#ending.signal);
  }

  /** Runs until the subscription ends. */
  async start(): Promise<void> {
    const { signal } = this.#ending;
    const { variables } = this.#request;
    try {
      while (!signal.aborted) {
        try {
          await this.#resumption();
          if (typeof variables.after !== 'string' && typeof variables.on === 'string')
            variables.after = (await findStartCursor(this.#host.socket, variables.on, signal)) ?? variables.after;
          if (await this.#receive().finally(() => this.#interrupted())) break;
        } catch (error) {
          if (!signal.aborted) variables.after = (await this.#recovery.recover(error)) ?? variables.after;
        }
      }
      this.complete();
    } catch (error) {
      this.#end(() => this.#sink.error(error));
    }
  }

  /** Ends the subscription without a call of its sink. */
  stop(): void {
    this.#end(() => {});
  }

  /** Ends the subscription, and completes its sink. */
  complete(): void {
    this.#end(() => this.#sink.complete());
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
    if (this.#ending.signal.aborted) return;
    this.#ending.abort();
    this.#receiving.abort();
    this.resume();
    this.#catchingUp.abort();
    this.#host.ended(this);
    report();
  }

  #interrupted(): void {
    this.#isReceiving = false;
    this.isCaughtUp = false;
    this.#catchingUp.abort();
    this.#host.statusChanged();
  }

  /**
   * Resolves with whether the server has completed the subscription: else it was paused or ended.
   */
  async #receive(): Promise<boolean> {
    this.#receiving = new AbortController();
    if (this.#ending.signal.aborted || this.isPaused) return false;
    const completion = receive(
      this.#host.socket,
      this.#request,
      (result) => this.#deliver(result),
      this.#receiving.signal,
    );
    this.#isReceiving = true;
    this.#recovery.started();
    if (this.#host.isOpen()) void this.connected();
    return completion;
  }

  #deliver(result: OperationResult): void {
    const cursor = cursorIn(result);
    if (cursor !== undefined && this.#delivered.has(cursor)) return;
    this.#recovery.received();
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

  /** Called at each new connection: finds out when everything that happened before is delivered. */
  async connected(): Promise<void> {
    if (!this.#isReceiving) return;
    this.#catchingUp.abort();
    this.#catchingUp = new AbortController();
    const { signal } = this.#catchingUp;
    const { on, after } = this.#request.variables;
    this.isCaughtUp = false;
    if (this.#host.reportsCatchUp && typeof on === 'string' && typeof after === 'string')
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
