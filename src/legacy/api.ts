import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Viewer } from '../auth/permissions.ts';
import type { Limits, Log, RequestContext } from '../context.ts';
import type { JsonBounds } from '../errors.ts';
import type { Claim, ReceiveOutcome } from '../uploads/receive.ts';

/** What an older API receives: authentication, contexts, body readers and responses. */
export interface LegacyOptions {
  /**
   * Authenticates by a key, or by the first valid one of several. Throws `UnauthenticatedError`,
   * and `RateLimitedError` for an address that failed too often.
   */
  authenticate(request: IncomingMessage, key: string | readonly string[] | undefined): Promise<Viewer>;
  /**
   * Authenticates by a signature: `proves` compares it, in constant time, with that of each signing
   * key. Throws as `authenticate`.
   */
  authenticateSignature(request: IncomingMessage, proves: (key: string) => boolean): Promise<Viewer>;
  /**
   * Counts one more request within one that is authenticated, as of a batch. Throws
   * `RateLimitedError`.
   */
  countRequest(request: IncomingMessage, viewer: Viewer): void;
  /** Starts a unit of work for the viewer, within the request's budget. */
  contextFor(viewer: Viewer, request: IncomingMessage): RequestContext;
  limits: Limits;
  /** The URL at which clients reach this server, without a slash at the end. */
  publicUrl(): string;
  /** Origins whose pages may call this server from a browser; `*` is every origin. */
  corsOrigins: readonly string[];
  log: Log;
  /**
   * Reads a urlencoded form, or `multipart/form-data`, whose files are received while they arrive.
   * Skips files in fields that `isFile` excludes. The caller disposes of the form. Throws
   * `BadUserInputError`, `PayloadTooLargeError`, `RequestTimeoutError` and `RateLimitedError`.
   */
  readForm(request: IncomingMessage, viewer: Viewer, isFile?: (field: string) => boolean): Promise<LegacyForm>;
  /**
   * Reads a JSON body of at most `limit` bytes, and checks `bounds` while it arrives. Throws as
   * `readForm`, and `JsonTooComplexError`.
   */
  readJson(request: IncomingMessage, viewer: Viewer, limits: { limit: number; bounds: JsonBounds }): Promise<Buffer>;
  /** Reads a body of a few KiB before authentication. Undefined if it is larger, or slow. */
  readUnauthenticated(request: IncomingMessage): Promise<Buffer | undefined>;
  /** Receives a body that is a file. The caller disposes of the file. Throws as `readForm`. */
  receiveBody(request: IncomingMessage, claim: Claim): Promise<ReceiveOutcome>;
  /** Sends a response. Discards what is left of the body, so that the client reads the response. */
  respond(request: IncomingMessage, response: ServerResponse, content: LegacyResponse): Promise<void>;
  /**
   * Sends a file's content with ranges and ETag; `headers` override. Throws only before the first
   * byte.
   */
  download(
    ctx: RequestContext,
    id: number,
    request: IncomingMessage,
    response: ServerResponse,
    headers: Record<string, string>,
  ): Promise<void>;
}

/** A complete form. Disposing removes the files that no row refers to. */
export interface LegacyForm extends AsyncDisposable {
  /** In the order of the form; a name may repeat. */
  fields: readonly (readonly [name: string, value: string])[];
  /** In the order of the form; each is received or has failed alone. `name` is the field's. */
  files: readonly { name: string; outcome: ReceiveOutcome }[];
}

export interface LegacyResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Responds to one request, also with errors. If it throws, the connection is closed. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** One older API. `path` is undecoded and without the query; no newer route matches it. */
export interface LegacyApi {
  handlerOf(method: string, path: string): Handler | undefined;
}
