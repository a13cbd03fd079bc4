import { temporaryFailure } from 'attache-client/errors';

/** The codes that neither the server nor attache-client has. */
export type LocalCode =
  /** The session has ended, and there is no other token. */
  | 'SIGNED_OUT'
  /** The browser cannot read the file any more. */
  | 'UNREADABLE'
  /** The files of an earlier request were stored, and its results are lost. */
  | 'RESULT_LOST';

/** An attempt to upload failed. */
export class UploadError extends Error {
  override readonly name = 'UploadError';
  readonly code: string;
  /** How long to wait before another attempt, in milliseconds; 0 when the server set no time. */
  readonly retryAfterMs: number;
  constructor(code: LocalCode | (string & {}), message = '', retryAfterMs = 0) {
    super(message);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The error of an attempt, from what attache-client rejects with. */
export function toUploadError(error: unknown): UploadError {
  if (error instanceof UploadError) return error;
  const { code = 'BAD_USER_INPUT', message = '', retryAfterMs = 0 } = (error ?? {}) as Partial<UploadError>;
  return new UploadError(code, message, retryAfterMs);
}

/** How often an upload is attempted again by itself. */
export type Retries = 'always' | 'few' | 'never';

export function retriesOf(error: UploadError): Retries {
  const temporary = temporaryFailure(error);
  if (temporary) return temporary.isOutage ? 'always' : 'few';
  // A smaller request may pass the proxy.
  return error.code === 'PROXY_LIMIT' ? 'few' : 'never';
}

/** Whether the files of a request that failed, and was sent completely, may be stored. */
export const isAmbiguous = (error: UploadError): boolean => temporaryFailure(error)?.mayBeExecuted ?? false;
