import { authorizationOf } from './credentials.ts';
import { withRetry } from './retry.ts';
import { type HttpRequest, type HttpResponse, send } from './send.ts';
import type { TransferOptions, UploadServer } from './upload-server.ts';

/** The requests of one upload. Each has the token, and another one after the server refused it. */
export class Requests {
  readonly #server: UploadServer;
  readonly #options: TransferOptions;
  #isRefused = false;

  constructor(server: UploadServer, options: TransferOptions) {
    this.#server = server;
    this.#options = options;
  }

  /** Sends one request, with the token. */
  async send(request: Omit<HttpRequest, 'signal'>): Promise<HttpResponse> {
    const authorization = await authorizationOf(this.#server.token, this.#isRefused);
    const headers = authorization === undefined ? request.headers : { ...request.headers, authorization };
    return (this.#server.send ?? send)({ ...request, headers, signal: this.#options.signal });
  }

  /** Repeats an attempt as `withRetry` does, and at once after the first refusal of a token. */
  repeat<Result>(attempt: (advanced: () => void) => Promise<Result>, isIdempotent: boolean): Promise<Result> {
    const { retries, retryDelay } = this.#server;
    const { signal, onRetry } = this.#options;
    return withRetry(
      async (advanced) => {
        const proceed = () => {
          this.#isRefused = false;
          advanced();
        };
        try {
          return await attempt(proceed);
        } catch (error) {
          signal?.throwIfAborted();
          const isRenewable = typeof this.#server.token === 'function' && !this.#isRefused;
          if (!isRenewable || (error as { code?: unknown } | null)?.code !== 'UNAUTHENTICATED') throw error;
          this.#isRefused = true;
          return attempt(proceed);
        }
      },
      { signal, onRetry, retries, retryDelay, isIdempotent },
    );
  }
}
