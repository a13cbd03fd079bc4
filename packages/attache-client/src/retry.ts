import { backoffMs, pause } from './backoff.ts';
import { authorizationOf } from './credentials.ts';
import { isTemporary, OperationError, retryAfterMs } from './errors.ts';
import { ConnectionError, type HttpRequest, type HttpResponse, send } from './send.ts';
import type { TransferOptions, UploadServer } from './upload-server.ts';

const RETRIES = 10;
const UNAUTHORIZED = 401;

/**
 * Statuses of requests that may succeed later. Of 500, 502 and 504 it is unknown whether the
 * request was executed.
 */
const LATER = new Set([408, 423, 425, 429, 503]);
const UNKNOWN = new Set([500, 502, 504]);

/** A response with a status that is an error. */
export class HttpError extends OperationError {
  readonly status: number;
  /** Whether the same request may succeed later, and was not executed. */
  readonly isTemporary: boolean;
  readonly retryAfterMs: number;
  constructor({ status, text, header }: HttpResponse, isTemporary = LATER.has(status)) {
    const { code, message } = errorIn(text);
    super([{ message: message ?? `The server responded with status ${status}.`, extensions: { code } }], code);
    this.status = status;
    this.isTemporary = isTemporary;
    this.retryAfterMs = 1000 * (Number(header('retry-after')) || 0);
  }
}

/** Sends requests of one upload, and repeats them when they fail for reasons that pass. */
export class Requests {
  readonly #server: UploadServer;
  readonly #signal: AbortSignal | undefined;
  #isRefused = false;
  #failures = 0;

  constructor(server: UploadServer, { signal }: TransferOptions) {
    this.#server = server;
    this.#signal = signal;
  }

  /** Sends one request, with the token. */
  async send(request: Omit<HttpRequest, 'signal'>): Promise<HttpResponse> {
    const authorization = await authorizationOf(this.#server.token, this.#isRefused);
    const headers = authorization === undefined ? request.headers : { ...request.headers, authorization };
    return send({ ...request, headers, signal: this.#signal });
  }

  /** Called when bytes arrived: the next failure is the first again. */
  progressed(): void {
    this.#failures = 0;
    this.#isRefused = false;
  }

  /**
   * Repeats `attempt` until it succeeds. With `isSafe`, repeating it has no further effect;
   * otherwise it is repeated only after a response that shows that it was not executed.
   */
  async repeat<T>(attempt: () => Promise<T>, isSafe: boolean): Promise<T> {
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        this.#signal?.throwIfAborted();
        await this.#recover(error, isSafe);
      }
    }
  }

  /** Waits until a request may be repeated, or throws the error. */
  async #recover(error: unknown, isSafe: boolean): Promise<void> {
    if (isRefusal(error) && typeof this.#server.token === 'function' && !this.#isRefused) {
      this.#isRefused = true;
      return;
    }
    if (!canRepeat(error, isSafe) || this.#failures >= (this.#server.retries ?? RETRIES)) throw error;
    const delay = (this.#server.retryDelay ?? backoffMs)(this.#failures);
    this.#failures += 1;
    await pause(Math.max(delay, requestedDelayMs(error)), this.#signal);
  }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof HttpError ? error.status === UNAUTHORIZED : isOperationError(error, 'UNAUTHENTICATED');

const isOperationError = (error: unknown, code: string) => error instanceof OperationError && error.code === code;

function canRepeat(error: unknown, isSafe: boolean): boolean {
  if (error instanceof ConnectionError) return isSafe;
  if (error instanceof HttpError) return error.isTemporary || (isSafe && UNKNOWN.has(error.status));
  // A rate limit is checked before anything is executed.
  return error instanceof OperationError && (error.code === 'RATE_LIMITED' || (isSafe && isTemporary(error.code)));
}

function requestedDelayMs(error: unknown): number {
  if (error instanceof HttpError) return error.retryAfterMs;
  return error instanceof OperationError ? retryAfterMs(error.errors) : 0;
}

/** Code and message of an error outside of GraphQL: `{ "error": { "code", "message" } }`. */
function errorIn(text: string): { code: string; message?: string } {
  try {
    const { error } = JSON.parse(text) as { error?: { code?: string; message?: string } };
    if (error?.code) return { code: error.code, ...(error.message ? { message: error.message } : {}) };
  } catch {
    // A proxy responded with a page for people.
  }
  return { code: 'INTERNAL_SERVER_ERROR' };
}
