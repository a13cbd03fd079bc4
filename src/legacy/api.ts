import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Viewer } from '../auth/permissions.ts';
import type { Context, Limits, Log } from '../context.ts';

/** What an older API is given: how to find out who calls, what rules need, and ways to answer. */
export interface LegacyOptions {
  /** Whose key it is; throws `Unauthenticated`. */
  authenticate(key: string | undefined): Promise<Viewer>;
  /** A new unit of work for the viewer. */
  contextFor(viewer: Viewer): Context;
  limits: Limits;
  /** Bytes of a body that is no file. */
  maxBodySize: number;
  /** How long a body may send nothing. */
  idleMs: number;
  /** Where clients reach this server, without a slash at the end. */
  publicUrl(): string;
  log: Log;
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
