import type { IncomingMessage } from 'node:http';
import type { Log } from '../../context.ts';
import { AttacheError, boundedMessage, type ErrorCode, retryAfterHeader } from '../../errors.ts';
import type { LegacyResponse } from '../api.ts';

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

/** In the order in which members come there. A list is counted; anything else is one. */
export function successResponse(status: number, value: unknown): LegacyResponse {
  const count = Array.isArray(value) ? value.length : 1;
  const body = JSON.stringify({ count, status: 0, statusCode: status, response: value });
  return { status, headers: JSON_TYPE, body };
}

const statuses: Record<ErrorCode, number> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  BAD_USER_INPUT: 400,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  REQUEST_TIMEOUT: 408,
  RATE_LIMITED: 429,
  INSUFFICIENT_STORAGE: 507,
  STORAGE_UNAVAILABLE: 503,
  SERVICE_UNAVAILABLE: 503,
  CURSOR_EXPIRED: 410,
  SUBSCRIBER_TOO_SLOW: 503,
  PERSISTED_QUERY_NOT_SUPPORTED: 400,
};

/** Its clients read this number as that of a .NET exception: E_FAIL, whatever went wrong. */
const E_FAIL = -2147467259;

/** What went wrong, without a stack trace. A fault of ours is told to the operator alone. */
export function errorResponse(error: unknown, log: Log): LegacyResponse {
  const told = error instanceof AttacheError ? error : undefined;
  const status = told ? statuses[told.code] : 500;
  if (status >= 500) log.error({ err: error }, 'a call as of ONLYOFFICE failed');
  const message = status === 404 ? 'Not found' : boundedMessage(told?.message ?? 'Internal server error');
  const body = JSON.stringify({ status: 1, statusCode: status, error: { message, hresult: E_FAIL, data: {} } });
  return { status, headers: { ...JSON_TYPE, ...retryAfterHeader(error) }, body };
}

/** A plain word. The scheme is named to those alone who sent credentials, as it is there. */
export function unauthorizedResponse({ headers }: IncomingMessage): LegacyResponse {
  const host = /^[\w.-]+|^\[[\da-f:.]+\]/i.exec(headers.host ?? '')?.[0] ?? 'localhost';
  return {
    status: 401,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      ...(headers.authorization === undefined ? {} : { 'www-authenticate': `Basic Realm="${host}"` }),
    },
    body: 'Unauthorized',
  };
}
