import type { IncomingMessage } from 'node:http';
import { AttacheError, BadUserInputError, type JsonBounds } from '../../errors.ts';
import type { BodyBudget } from './body-budget.ts';
import { JsonScanner } from './json-scanner.ts';
import { type BodyOptions, readBody } from './read-body.ts';
import type { Pace } from './transfer-clock.ts';

/**
 * The structure of a query with its variables: far more than real queries have, and parsed within
 * some milliseconds.
 */
export const GRAPHQL_JSON: JsonBounds = { depth: 64, values: 100_000, items: 1 };

export interface JsonBodyOptions extends Pick<BodyOptions, 'limit' | 'hint' | 'pace'> {
  bounds: JsonBounds;
  /** Where the memory of the body is reserved. */
  budget: BodyBudget;
  /** The user whose share of `budget` is used. */
  userId: number;
}

/**
 * Reads the text of a JSON body, and checks its bounds chunk by chunk. The caller releases the
 * request from `budget` when it needs the body no longer.
 *
 * Throws `JsonTooComplexError`, `PayloadTooLargeError`, `RequestTimeoutError`, `RateLimitedError`
 * and `BadUserInputError`.
 */
export async function readJsonText(
  request: IncomingMessage,
  { limit, hint, pace, bounds, budget, userId }: JsonBodyOptions,
): Promise<Buffer> {
  const scanner = new JsonScanner(bounds);
  const onChunk = (chunk: Buffer) => {
    scanner.push(chunk);
    return budget.reserve(request, userId, chunk.length);
  };
  return withoutByteOrderMark(await readBody(request, { limit, hint, pace, onChunk }));
}

const BYTE_ORDER_MARK = Buffer.from('\uFEFF');

/**
 * .NET and PHP on Windows write a byte order mark before JSON, and a reader may ignore it.
 * https://www.rfc-editor.org/rfc/rfc8259#section-8.1
 */
export const withoutByteOrderMark = (json: Buffer): Buffer =>
  json.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK) ? json.subarray(BYTE_ORDER_MARK.length) : json;

/**
 * Reads and parses a JSON body. Throws what `readJsonText` throws, and `BadUserInputError` for
 * invalid JSON.
 */
export async function readJson(request: IncomingMessage, options: JsonBodyOptions): Promise<unknown> {
  const text = (await readJsonText(request, options)).toString();
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadUserInputError(`The body is not JSON: ${(error as Error).message}`);
  }
}

/**
 * Throws `JsonTooComplexError` for JSON with more structure than `bounds` allow, without parsing.
 */
export function assertJsonBounds(json: string | Uint8Array, bounds: JsonBounds): void {
  new JsonScanner(bounds).push(typeof json === 'string' ? Buffer.from(json) : json);
}

/** The largest body that is read before its sender is authenticated, in bytes: one call fits. */
const MAX_UNAUTHENTICATED = 8 * 1024;
/** Stricter than the configured paces: an unauthenticated sender must not keep a connection. */
const UNAUTHENTICATED_PACE: Pace = { idleMs: 5000, graceMs: 5000, bytesPerSecond: 1024 * 1024 };

/**
 * Reads a small body that carries the sender's credentials. Undefined when it is larger than 8 KiB,
 * too slow or incomplete; the caller then responds that credentials are missing.
 */
export async function readUnauthenticated(request: IncomingMessage): Promise<Buffer | undefined> {
  try {
    return withoutByteOrderMark(await readBody(request, { limit: MAX_UNAUTHENTICATED, pace: UNAUTHENTICATED_PACE }));
  } catch (error) {
    if (error instanceof AttacheError) return undefined;
    throw error;
  }
}
