import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Claim, Incoming } from '../attachments/receive.ts';
import type { Viewer } from '../auth/permissions.ts';
import type { Context, Limits, Log } from '../context.ts';

/** What an older API is given: how to find out who calls, what rules need, and ways to answer. */
export interface LegacyOptions {
  /** Whose key it is; throws `Unauthenticated`. */
  authenticate(key: string | undefined): Promise<Viewer>;
  /** Whose key it is that `proves`, in constant time, says yes to, among the keys to sign with; throws `Unauthenticated`. */
  signerOf(proves: (key: string) => boolean): Promise<Viewer>;
  /** A new unit of work for the viewer. */
  contextFor(viewer: Viewer): Context;
  limits: Limits;
  /** Where clients reach this server, without a slash at the end. */
  publicUrl(): string;
  log: Log;
  /**
   * Reads `multipart/form-data`, whose files are received while they come, or a urlencoded form. Files in fields that
   * `isFile` does not name are skipped. Throws `BadInput`, `TooLarge`, `Timeout`. Whoever reads it disposes of it.
   */
  readForm(request: IncomingMessage, isFile?: (field: string) => boolean): Promise<LegacyForm>;
  /** Reads a body that is no form, of at most `limit` bytes; 16 MiB unless said or configured. Throws as `readForm`. */
  readBody(request: IncomingMessage, limit?: number): Promise<Buffer>;
  /** Receives a body that is a file. Throws as `readForm`. Whoever receives it disposes of the file. */
  receiveBody(request: IncomingMessage, claim: Claim): Promise<Incoming>;
  /** Answers, whether or not the request was read to its end, so that a client that still sends reads it all the same. */
  answer(request: IncomingMessage, response: ServerResponse, answer: LegacyAnswer): Promise<void>;
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
  files: readonly { name: string; incoming: Incoming }[];
}

export interface LegacyAnswer {
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
