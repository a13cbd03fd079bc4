import type { IncomingMessage } from 'node:http';
import { BadInput } from '../errors.ts';
import type { LegacyOptions } from './api.ts';

/** What a body of parameters alone may have, in bytes: so few that nobody else waits while it is parsed. */
const MAX_BODY = 1024 * 1024;

/**
 * The members of a JSON object, of which a body of nothing has none. .NET and PHP on Windows write a mark before it.
 * Throws `BadInput`, `TooLarge`, `Timeout`.
 */
export async function readMembers(
  options: LegacyOptions,
  request: IncomingMessage,
): Promise<[name: string, value: unknown][]> {
  const text = (await options.readBody(request, MAX_BODY)).toString().replace(/^\uFEFF/, '');
  if (text.trim() === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BadInput('The body of this request is not JSON.', { cause });
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new BadInput('The body of this request has to be a JSON object.');
  return Object.entries(value);
}
