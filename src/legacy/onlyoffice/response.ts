import type { IncomingMessage } from 'node:http';
import type { Log } from '../../context.ts';
import { AttacheError, boundedMessage, retryAfterHeader } from '../../errors.ts';
import type { LegacyResponse } from '../api.ts';
import { logServerError, statusOf } from '../errors.ts';
import { jsonResponse } from '../json.ts';

/**
 * Wraps a result in ONLYOFFICE's order of members. `count` is the length of a list, and 1
 * otherwise.
 */
export function successResponse(status: number, value: unknown): LegacyResponse {
  const count = Array.isArray(value) ? value.length : 1;
  return jsonResponse(status, { count, status: 0, statusCode: status, response: value });
}

/** The HRESULT `E_FAIL` of a .NET exception, which clients read. */
const E_FAIL = -2147467259;

/** Encodes an error without a stack trace. The cause of a server error is logged, not returned. */
export function errorResponse(error: unknown, log: Log): LegacyResponse {
  logServerError(log, error, 'ONLYOFFICE');
  const status = statusOf(error);
  const ownMessage = error instanceof AttacheError ? error.message : 'Internal server error';
  const message = status === 404 ? 'Not found' : boundedMessage(ownMessage);
  const body = { status: 1, statusCode: status, error: { message, hresult: E_FAIL, data: {} } };
  return jsonResponse(status, body, retryAfterHeader(error));
}

/** Plain text. As in ONLYOFFICE, `WWW-Authenticate` is sent only if the request had credentials. */
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
