import type { Log } from '../../context.ts';
import {
  AttacheError,
  Busy,
  boundedMessage,
  type ErrorCode,
  JsonTooComplexError,
  retryAfterHeader,
} from '../../errors.ts';
import type { LegacyAnswer } from '../api.ts';
import { Refused } from './parameters.ts';

/** Nearly every answer is a 200: what it is worth stands in it. */
const answerOf = (value: unknown): LegacyAnswer => ({
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(value),
});

export const okAnswer = (data: unknown): LegacyAnswer => answerOf({ status: 'ok', data });

/** What went wrong, in its words. A fault of ours is told to the operator alone. */
export function errorAnswer(error: unknown, log: Log): LegacyAnswer {
  const { code, message, details } = refusalOf(error, log);
  const answer = answerOf({ status: 'error', status_code: code, message, message_details: boundedMessage(details) });
  // The one status beside 200: what stands between client and server, and waits, knows no other.
  if (error instanceof Busy)
    return { ...answer, status: 429, headers: { ...answer.headers, ...retryAfterHeader(error) } };
  return answer;
}

/** What the operator has to mend. */
const operatorsOwn: ReadonlySet<ErrorCode> = new Set([
  'STORAGE_UNAVAILABLE',
  'SERVICE_UNAVAILABLE',
  'INSUFFICIENT_STORAGE',
]);

function refusalOf(error: unknown, log: Log): Refused {
  if (error instanceof Refused) return error;
  const isOurs = !(error instanceof AttacheError);
  if (isOurs || operatorsOwn.has(error.code)) log.error({ err: error }, 'a call as of Worksection failed');
  if (isOurs) return new Refused(13, 'Server error', '');
  const told = (code: number, message: string) => new Refused(code, message, error.message);
  // What of a call is too large or nested too deeply is a field, and no file.
  if (error instanceof JsonTooComplexError) return told(11, 'Field is invalid');
  switch (error.code) {
    case 'UNAUTHENTICATED':
      return new Refused(2, 'Action hash is missed or invalid', '');
    case 'FORBIDDEN':
      return told(3, 'Access denied');
    case 'NOT_FOUND':
      return new Refused(...notFound('ids' in error ? String((error.ids as string[])[0]) : ''));
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
