import type { IncomingMessage } from 'node:http';
import { AttacheError, BadUserInputError, type JsonBounds } from '../../errors.ts';
import type { BodyBudget } from './body-budget.ts';
import { JsonScanner } from './json-scanner.ts';
import { type BodyOptions, readBody } from './read-body.ts';
import type { Pace } from './transfer-clock.ts';

/** A query with its variables: far more than any that is honest, and parsed within some milliseconds. */
export const GRAPHQL_JSON: JsonBounds = { depth: 64, values: 100_000, items: 1 };

/** How slowly JSON may come. It is held in memory until it is whole, so its sender has less time than one of a file. */
export const JSON_PACE: Pace = { idleMs: 30_000, graceMs: 30_000, bytesPerSecond: 32 * 1024 };

export interface JsonBodyOptions extends Pick<BodyOptions, 'limit' | 'hint'> {
  bounds: JsonBounds;
  budget: BodyBudget;
  /** Who sends it. */
  userId: number;
}

/**
 * Reads the text of a JSON body within bounds that are checked while it comes. Room for it is taken until the budget is
 * told that the request is done. Throws `JsonTooComplexError`, `TooLarge`, `RequestTimeoutError`, `RateLimitedError`, `BadUserInputError`.
 */
export async function readJsonText(
  request: IncomingMessage,
  { limit, hint, bounds, budget, userId }: JsonBodyOptions,
): Promise<Buffer> {
  const scanner = new JsonScanner(bounds);
  const onChunk = (chunk: Buffer) => {
    scanner.push(chunk);
    return budget.take(request, userId, chunk.length);
  };
  return withoutByteOrderMark(await readBody(request, { limit, hint, pace: JSON_PACE, onChunk }));
}

const BYTE_ORDER_MARK = Buffer.from('\uFEFF');

/**
 * .NET and PHP on Windows write a byte order mark before JSON, and a reader may ignore it.
 * https://www.rfc-editor.org/rfc/rfc8259#section-8.1
 */
export const withoutByteOrderMark = (json: Buffer): Buffer =>
  json.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK) ? json.subarray(BYTE_ORDER_MARK.length) : json;

/** Reads a JSON body. Throws what `readJsonText` does, and `BadUserInputError` for what is no JSON. */
export async function readJson(request: IncomingMessage, options: JsonBodyOptions): Promise<unknown> {
  const text = (await readJsonText(request, options)).toString();
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadUserInputError(`The body is not JSON: ${(error as Error).message}`);
  }
}

/** Throws `JsonTooComplexError` for JSON that has more structure than the bounds allow, before it is parsed. */
export function assertJsonBounds(json: string | Uint8Array, bounds: JsonBounds): void {
  new JsonScanner(bounds).push(typeof json === 'string' ? Buffer.from(json) : json);
}

/** What is read of a body before its sender is known: enough for a call, and for no more than that. */
const MAX_UNAUTHENTICATED = 8 * 1024;
const UNAUTHENTICATED_PACE: Pace = { idleMs: 5000, graceMs: 5000, bytesPerSecond: 1024 * 1024 };

/** Reads a small body whose sender is not known yet. Undefined for one that is larger, slower, or breaks off. */
export async function readUnauthenticated(request: IncomingMessage): Promise<Buffer | undefined> {
  try {
    return withoutByteOrderMark(await readBody(request, { limit: MAX_UNAUTHENTICATED, pace: UNAUTHENTICATED_PACE }));
  } catch (error) {
    if (error instanceof AttacheError) return undefined; // the sender is told that its credentials are missing
    throw error;
  }
}
