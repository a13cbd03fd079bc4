import type { IncomingMessage } from 'node:http';
import type { Viewer } from '../auth/permissions.ts';
import { BadUserInputError, type JsonBounds } from '../errors.ts';
import type { LegacyOptions } from './api.ts';

/** What a body of parameters alone may have, in bytes: so few that nobody else waits while it is parsed. */
const MAX_BODY = 1024 * 1024;
const BOUNDS: JsonBounds = { depth: 64, values: 100_000, items: 1 };

type Members = [name: string, value: unknown][];

/** The members of a JSON object that is a request's body. Throws `BadUserInputError`, `TooLarge`, `RequestTimeoutError`, `RateLimitedError`. */
export async function readJsonObject(
  options: LegacyOptions,
  request: IncomingMessage,
  viewer: Viewer,
): Promise<Members> {
  return parseJsonObject(await options.readJson(request, viewer, { limit: MAX_BODY, bounds: BOUNDS }));
}

/** The members of a JSON object, of which a body of nothing has none. Throws `BadUserInputError`. */
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
