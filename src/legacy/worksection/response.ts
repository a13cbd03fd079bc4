import type { Log } from '../../context.ts';
import { AttacheError, boundedMessage, JsonTooComplexError, RateLimitedError, retryAfterHeader } from '../../errors.ts';
import type { LegacyResponse } from '../api.ts';
import { logServerError } from '../errors.ts';
import { jsonResponse } from '../json.ts';
import { WorksectionError } from './call.ts';

/** Success is HTTP 200, and so is nearly every error: the member `status` says which. */
export const okResponse = (data: unknown): LegacyResponse => jsonResponse(200, { status: 'ok', data });

/** Encodes an error by Worksection's codes. The cause of a server error is logged, not returned. */
export function errorResponse(error: unknown, log: Log): LegacyResponse {
  const { code, message, details } = toWorksectionError(error, log);
  const body = { status: 'error', status_code: code, message, message_details: boundedMessage(details) };
  // The only status other than 200: proxies and HTTP libraries that retry later look for 429.
  if (error instanceof RateLimitedError) return jsonResponse(429, body, retryAfterHeader(error));
  return jsonResponse(200, body);
}

function toWorksectionError(error: unknown, log: Log): WorksectionError {
  if (error instanceof WorksectionError) return error;
  logServerError(log, error, 'Worksection');
  if (!(error instanceof AttacheError)) return new WorksectionError(13, 'Server error', '');
  const withMessage = (code: number, message: string) => new WorksectionError(code, message, error.message);
  // Its code is PAYLOAD_TOO_LARGE, as that of a file that is too large, but a field is at fault.
  if (error instanceof JsonTooComplexError) return withMessage(11, 'Field is invalid');
  switch (error.code) {
    case 'UNAUTHENTICATED':
      return new WorksectionError(2, 'Action hash is missed or invalid', '');
    case 'FORBIDDEN':
      return withMessage(3, 'Access denied');
    case 'NOT_FOUND':
      return new WorksectionError(...notFound('ids' in error ? String((error.ids as string[])[0]) : ''));
    case 'BAD_USER_INPUT':
      return withMessage(11, 'Field is invalid');
    case 'STORAGE_UNAVAILABLE':
    case 'SERVICE_UNAVAILABLE':
    case 'RATE_LIMITED':
      return withMessage(13, 'Server error');
    default:
      return withMessage(12, 'File is not accepted');
  }
}

/** The error for an id that was not found, as in `Task:1`. */
function notFound(id: string): [code: number, message: string, details: string] {
  if (id.startsWith('File:')) return [4, 'File not found', ''];
  if (id.startsWith('Task:')) return [5, 'Task is invalid', ''];
  return [4, 'Project is invalid', ''];
}
