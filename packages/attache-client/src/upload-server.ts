import type { Token } from './credentials.ts';
import type { HttpRequest, HttpResponse } from './send.ts';

/** Where files are uploaded to, and how. */
export interface UploadServer {
  /** The address of `/graphql`. */
  url: string;
  token?: Token;
  /** Files that have more bytes in all are sent by tus: 5 MiB unless given. */
  maxMultipartSize?: number;
  /**
   * The most bytes of one request by tus: 16 MiB unless given. Behind a proxy that limits the size
   * of requests, set it to that limit or less.
   */
  chunkSize?: number;
  /**
   * Remembers unfinished uploads by tus, so that they can be resumed after a page reload:
   * `localStorage` in browsers. Without it, an upload that is aborted is deleted on the server.
   */
  storage?: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** How often in succession a request may fail before the upload fails: 10 unless given. */
  retries?: number;
  /** The milliseconds to wait before an attempt, counted from 0, is repeated. */
  retryDelay?: (attempt: number) => number;
  /**
   * The most bytes of a file that tus sends in the request that creates its upload: 0 unless given.
   * After a lost connection, the upload is found by its idempotency key, or by a
   * random one.
   */
  maxCreationSize?: number;
  /** Sends a request in place of `fetch` and `XMLHttpRequest`. Rejects without a response. */
  send?: (request: HttpRequest) => Promise<HttpResponse>;
}

export interface TransferOptions {
  /** Called with the bytes that are sent so far, and with the bytes of all files. */
  onProgress?: ((sent: number, total: number) => void) | undefined;
  /** Aborts the upload: it rejects with the reason of the signal. */
  signal?: AbortSignal | undefined;
  /** Called when a request failed and is repeated after `delayMs`. */
  onRetry?: ((error: Error, delayMs: number) => void) | undefined;
}

export const MAX_MULTIPART_SIZE = 5 * 1024 ** 2;

/** An idempotency key. `crypto.randomUUID` exists only on pages of secure origins. */
export const randomKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16)).join('-');
