import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Viewer } from '../auth/permissions.ts';
import type { Context, Limits, Log } from '../context.ts';
import type { JsonBounds } from '../errors.ts';
import type { Claim, ReceiveOutcome } from '../uploads/receive.ts';

/** What an older API is given: how to find out who calls, what rules need, and ways to answer. */
export interface LegacyOptions {
  /**
   * Whose key it is; of several, the first that is one. Throws `UnauthenticatedError`, and `RateLimitedError` for an address that failed
   * too often.
   */
  authenticate(request: IncomingMessage, key: string | readonly string[] | undefined): Promise<Viewer>;
  /** Whose key it is that `proves`, in constant time, says yes to, among the keys to sign with. Throws as `authenticate`. */
  authenticateSignature(request: IncomingMessage, proves: (key: string) => boolean): Promise<Viewer>;
  /** A new unit of work for the viewer, within what the request may use. */
  contextFor(viewer: Viewer, request: IncomingMessage): Context;
  limits: Limits;
  /** Where clients reach this server, without a slash at the end. */
  publicUrl(): string;
  /** Sites whose pages may call this server from a browser; `*` is every site. */
  corsOrigins: readonly string[];
  log: Log;
  /**
   * Reads `multipart/form-data`, whose files are received while they come, or a urlencoded form. Files in fields that
   * `isFile` does not name are skipped. Throws `BadInput`, `TooLarge`, `RequestTimeoutError`, `RateLimitedError`. Whoever reads it disposes of it.
   */
  readForm(request: IncomingMessage, viewer: Viewer, isFile?: (field: string) => boolean): Promise<LegacyForm>;
  /**
   * Reads the text of a body of JSON, of at most `limit` bytes, within bounds that are checked while it comes.
   * Throws as `readForm`, and `JsonTooComplexError`.
   */
  readJson(request: IncomingMessage, viewer: Viewer, limits: { limit: number; bounds: JsonBounds }): Promise<Buffer>;
  /** Reads a body of some KiB whose sender is not known yet. Undefined for one that is larger or slow. */
  readUnauthenticated(request: IncomingMessage): Promise<Buffer | undefined>;
  /** Receives a body that is a file. Throws as `readForm`. Whoever receives it disposes of the file. */
  receiveBody(request: IncomingMessage, claim: Claim): Promise<ReceiveOutcome>;
  /** Answers, whether or not the request was read to its end, so that a client that still sends reads it all the same. */
  respond(request: IncomingMessage, response: ServerResponse, answer: LegacyResponse): Promise<void>;
  /** Sends the content of a file with ranges and ETag; `headers` go before its own. Throws before the first byte, or not at all. */
  download(
    ctx: Context,
    id: number,
    request: IncomingMessage,
    response: ServerResponse,
    headers: Record<string, string>,
  ): Promise<void>;
}

/** A form that came whole. Disposing of it removes the files that no row has adopted. */
export interface LegacyForm extends AsyncDisposable {
  /** In the order of the form; a name may come again. */
  fields: readonly (readonly [name: string, value: string])[];
  /** In the order of the form, each received, or failed alone; `name` is that of the field. */
  files: readonly { name: string; outcome: ReceiveOutcome }[];
}

export interface LegacyResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Answers one request, errors too: what it throws is a fault of ours, and the connection ends. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** One older system's calls. Asked for what no newer door answers, with the path as it was sent, without its query. */
export interface LegacyApi {
  handlerOf(method: string, path: string): Handler | undefined;
}
