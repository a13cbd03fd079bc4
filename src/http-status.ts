import type { ErrorCode } from './errors.ts';

/** The HTTP status of each error, unless the API that responds has another for it. */
export const httpStatuses: Readonly<Record<ErrorCode, number>> = {
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
