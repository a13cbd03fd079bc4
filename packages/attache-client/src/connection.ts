import { type Client, createClient } from 'graphql-ws';
import { authorizationOf, SignInRequiredError, type Token } from './credentials.ts';
import { backoffMs, pause } from './retry.ts';

export interface ConnectionOptions {
  /** The address of `/graphql`, with `http`, `https`, `ws` or `wss`. */
  url: string;
  token?: Token;
  /** For environments without a global `WebSocket`, such as the one of the package `ws`. */
  webSocketImpl?: unknown;
  /** The milliseconds to wait before an attempt, counted from 0, to connect or subscribe again. */
  retryDelay?: (attempt: number) => number;
  /**
   * Called when the connection was lost or a subscription failed, before it is retried: with the
   * error, or the event of the WebSocket, and the delay in milliseconds.
   */
  onRetry?: (reason: unknown, delayMs: number) => void;
}

/** Close codes after which the same client would only be refused again. 4401 is handled apart. */
const FATAL = new Set([1002, 1003, 1007, 1008, 1009, 1010, 4400, 4401, 4406, 4409, 4429]);
const UNAUTHORIZED = 4401;

/** A dead connection is noticed after these two together. */
const PING_MS = 12_000;
const PONG_MS = 5000;
const ACKNOWLEDGE_MS = 10_000;

/** How long the connection stays open without subscriptions: the next one may follow. */
const LINGER_MS = 500;

/** How long a connection has to be open to count as successful. */
const LASTING_MS = 10_000;

/** What a connection reports to its client. */
interface Listener {
  opened(): void;
  closed(): void;
}

/**
 * A WebSocket that is made again whenever it is lost, with growing delays and the current token.
 */
export class Connection {
  readonly socket: Client;
  readonly #options: ConnectionOptions;
  readonly #listener: Listener;
  isOpen = false;
  /** Aborted while there are no subscriptions: the connection is not needed then. */
  #idle = new AbortController();
  /** Attempts to connect since the last connection that lasted. */
  #attempts = 0;
  #openedAt = 0;
  /** How often in succession the server refused the token. */
  #refusals = 0;
  #pongTimer: ReturnType<typeof setTimeout> | undefined;
  /** Why the last connection was lost, or could not be made. */
  #reason: unknown;

  constructor(options: ConnectionOptions, listener: Listener) {
    this.#options = options;
    this.#listener = listener;
    this.socket = createClient({
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
        connecting: () => {
          this.#reason = undefined;
        },
        connected: () => this.#connected(),
        error: (error) => {
          this.#reason ??= error;
        },
        closed: (event) => this.#closed(event as { code?: number }),
        ping: (received) => {
          if (!received) this.#pongTimer = setTimeout(() => this.socket.terminate(), PONG_MS);
        },
        pong: (received) => {
          if (received) clearTimeout(this.#pongTimer);
        },
      },
    });
  }

  readonly retryDelay = (attempt: number): number => (this.#options.retryDelay ?? backoffMs)(attempt);

  /** A token function gets one chance to return a token that the server accepts. */
  readonly canRestart = (error: unknown): boolean => {
    const code = (error as { code?: unknown } | null)?.code;
    if (code === UNAUTHORIZED) return typeof this.#options.token === 'function' && this.#refusals === 1;
    return typeof code !== 'number' || !FATAL.has(code);
  };

  /** Called when there is a subscription again. */
  needed(): void {
    this.#idle = new AbortController();
  }

  /** Called when there are no subscriptions left. */
  unneeded(): void {
    this.#idle.abort();
  }

  dispose(): void {
    // Rejects when the client was still connecting.
    void Promise.resolve(this.socket.dispose()).catch(() => {});
  }

  #connected(): void {
    this.isOpen = true;
    this.#openedAt = Date.now();
    this.#refusals = 0;
    this.#listener.opened();
  }

  #closed(event: { code?: number }): void {
    clearTimeout(this.#pongTimer);
    this.#reason ??= event;
    // A server that accepts connections and closes them at once gets growing delays.
    if (this.isOpen && Date.now() - this.#openedAt > LASTING_MS) this.#attempts = 0;
    this.isOpen = false;
    if (event.code === UNAUTHORIZED) this.#refusals += 1;
    this.#listener.closed();
  }

  async #waitToRetry(): Promise<void> {
    const delayMs = this.retryDelay(this.#attempts);
    this.#attempts += 1;
    if (!this.#idle.signal.aborted) this.#options.onRetry?.(this.#reason, delayMs);
    await pause(delayMs, this.#idle.signal).catch(() => {});
  }
}
