import type { IncomingMessage } from 'node:http';
import type { Viewer } from '../auth/permissions.ts';
import { BadUserInputError, type JsonBounds } from '../errors.ts';
import type { LegacyOptions, LegacyResponse } from './api.ts';

/**
 * Bytes of a body that holds only parameters. Parsing blocks the event loop, so it has to be short.
 */
const MAX_BODY = 1024 * 1024;
const BOUNDS: JsonBounds = { depth: 64, values: 100_000, items: 1 };

/** The members of an object in their order. */
type Members = [name: string, value: unknown][];

/** A response of JSON in UTF-8. */
export const jsonResponse = (status: number, value: unknown, headers: Record<string, string> = {}): LegacyResponse => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(value),
});

/**
 * Reads a body that is a JSON object. Throws `BadUserInputError`, `PayloadTooLargeError`,
 * `RequestTimeoutError` and `RateLimitedError`.
 */
export async function readJsonObject(
  options: LegacyOptions,
  request: IncomingMessage,
  viewer: Viewer,
): Promise<Members> {
  return parseJsonObject(await options.readJson(request, viewer, { limit: MAX_BODY, bounds: BOUNDS }));
}

/** Parses a JSON object; an empty body is an empty object. Throws `BadUserInputError`. */
export function parseJsonObject(body: Buffer): Members {
  const text = body.toString();
  if (text.trim() === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BadUserInputError('The body of this request is not JSON.', { cause });
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new BadUserInputError('The body of this request has to be a JSON object.');
  return Object.entries(value);
}
