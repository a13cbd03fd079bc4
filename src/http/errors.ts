import { AttacheError, boundedMessage, type ErrorCode, retryAfterHeader } from '../errors.ts';
import { httpStatuses } from '../http-status.ts';

const statuses: Record<ErrorCode, number> = {
  ...httpStatuses,
  // As Apollo Server does: some clients read the errors only of a 200.
  PERSISTED_QUERY_NOT_SUPPORTED: 200,
};

/** The HTTP form of an error. */
export interface ErrorResponse {
  status: number;
  headers: Record<string, string>;
  error: { message: string; code: string };
}

/**
 * Translates an error for HTTP clients. A fault of the server is 500 with a fixed message: its own
 * may hold secrets.
 */
export function toErrorResponse(error: unknown): ErrorResponse {
  if (error instanceof AttacheError) {
    return {
      status: statuses[error.code],
      headers: headersOf(error),
      error: { message: boundedMessage(error.message), code: error.code },
    };
  }
  const message = 'Something went wrong on the server. Its log says more.';
  return { status: 500, headers: {}, error: { message, code: 'INTERNAL_SERVER_ERROR' } };
}

function headersOf(error: AttacheError): Record<string, string> {
  // A 401 names the scheme: https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
  if (error.code === 'UNAUTHENTICATED') return { 'www-authenticate': 'Bearer realm="attache"' };
  return retryAfterHeader(error);
}
