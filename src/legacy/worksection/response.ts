import type { Log } from '../../context.ts';
import {
  AttacheError,
  boundedMessage,
  type ErrorCode,
  JsonTooComplexError,
  RateLimitedError,
  retryAfterHeader,
} from '../../errors.ts';
import type { LegacyResponse } from '../api.ts';
import { WorksectionError } from './call.ts';

/** Nearly every answer is a 200: what it is worth stands in it. */
const respondWith = (value: unknown): LegacyResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(value),
});

export const okResponse = (data: unknown): LegacyResponse => respondWith({ status: 'ok', data });

/** What went wrong, in its words. A fault of ours is told to the operator alone. */
export function errorResponse(error: unknown, log: Log): LegacyResponse {
  const { code, message, details } = toWorksectionError(error, log);
  const answer = respondWith({ status: 'error', status_code: code, message, message_details: boundedMessage(details) });
  // The one status beside 200: what stands between client and server, and waits, knows no other.
  if (error instanceof RateLimitedError)
    return { ...answer, status: 429, headers: { ...answer.headers, ...retryAfterHeader(error) } };
  return answer;
}

/** What the operator has to mend. */
const operatorsOwn: ReadonlySet<ErrorCode> = new Set([
  'STORAGE_UNAVAILABLE',
  'SERVICE_UNAVAILABLE',
  'INSUFFICIENT_STORAGE',
]);

function toWorksectionError(error: unknown, log: Log): WorksectionError {
  if (error instanceof WorksectionError) return error;
  const isOurs = !(error instanceof AttacheError);
  if (isOurs || operatorsOwn.has(error.code)) log.error({ err: error }, 'a call as of Worksection failed');
  if (isOurs) return new WorksectionError(13, 'Server error', '');
  const told = (code: number, message: string) => new WorksectionError(code, message, error.message);
  // What of a call is too large or nested too deeply is a field, and no file.
  if (error instanceof JsonTooComplexError) return told(11, 'Field is invalid');
  switch (error.code) {
    case 'UNAUTHENTICATED':
      return new WorksectionError(2, 'Action hash is missed or invalid', '');
    case 'FORBIDDEN':
      return told(3, 'Access denied');
    case 'NOT_FOUND':
      return new WorksectionError(...notFound('ids' in error ? String((error.ids as string[])[0]) : ''));
    case 'BAD_USER_INPUT':
      return told(11, 'Field is invalid');
    case 'STORAGE_UNAVAILABLE':
    case 'SERVICE_UNAVAILABLE':
    case 'RATE_LIMITED':
      return told(13, 'Server error');
    default:
      return told(12, 'File is not accepted');
  }
}

/** By what was not found, as in `Task:1`. */
function notFound(id: string): [code: number, message: string, details: string] {
  if (id.startsWith('File:')) return [4, 'File not found', ''];
  if (id.startsWith('Task:')) return [5, 'Task is invalid', ''];
  return [4, 'Project is invalid', ''];
}
