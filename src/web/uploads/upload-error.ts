/** The codes that do not come from the server. */
export type LocalCode =
  /** No response: the server is away, or the connection. */
  | 'UNREACHABLE'
  /** A proxy refuses bodies of this length. */
  | 'PROXY_LIMIT'
  /** The session has ended, and there is no other token. */
  | 'SIGNED_OUT'
  /** The browser cannot read the file any more. */
  | 'UNREADABLE'
  /** The files of an earlier request were stored, and its results are lost. */
  | 'RESULT_LOST';

/** An attempt to upload failed. */
export class UploadError extends Error {
  override readonly name = 'UploadError';
  /** A code of the server or a `LocalCode`. */
  readonly code: string;
  /** The milliseconds after which the server asks to try again; 0 if it does not say. */
  readonly retryAfterMs: number;
  constructor(code: LocalCode | (string & {}), message = '', retryAfterMs = 0) {
    super(message);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** How often an upload is attempted again by itself. */
export type Retries = 'always' | 'few' | 'never';

const RETRIES: Record<string, Retries> = {
  UNREACHABLE: 'always',
  RATE_LIMITED: 'always',
  SERVICE_UNAVAILABLE: 'always',
  STORAGE_UNAVAILABLE: 'always',
  REQUEST_TIMEOUT: 'always',
  // Another request still sends to the same upload, or the offset was another one.
  CONFLICT: 'few',
  INTERNAL_SERVER_ERROR: 'few',
  // With another token.
  UNAUTHENTICATED: 'few',
  PROXY_LIMIT: 'few',
};

export const retriesOf = ({ code }: UploadError): Retries => RETRIES[code] ?? 'never';

/** Errors of requests that were refused before anything was done. */
const REFUSALS: ReadonlySet<string> = new Set(['PROXY_LIMIT', 'RATE_LIMITED', 'UNAUTHENTICATED']);

/** Whether the files of a request that failed, and was sent completely, may be stored. */
export const isAmbiguous = (error: UploadError): boolean => retriesOf(error) !== 'never' && !REFUSALS.has(error.code);

/** Codes of responses that have no body, as those to `HEAD` and those of proxies. */
const CODES_OF_STATUS: Record<number, string> = {
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  408: 'REQUEST_TIMEOUT',
  409: 'CONFLICT',
  410: 'NOT_FOUND',
  413: 'PROXY_LIMIT',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  429: 'RATE_LIMITED',
  500: 'INTERNAL_SERVER_ERROR',
  // Proxies answer these for a server that does not.
  502: 'UNREACHABLE',
  503: 'SERVICE_UNAVAILABLE',
  504: 'UNREACHABLE',
  507: 'INSUFFICIENT_STORAGE',
};

/** A response as both transports have it. */
export interface ErrorResponse {
  status: number;
  /** Of the header `Retry-After`, in seconds. */
  retryAfter: string | null | undefined;
  body: string;
}

/** The error that a response stands for. */
export function toUploadError({ status, retryAfter, body }: ErrorResponse): UploadError {
  const { code, message } = errorIn(body) ?? {};
  const seconds = Number(retryAfter ?? 0);
  return new UploadError(
    code ?? CODES_OF_STATUS[status] ?? (status >= 500 ? 'UNREACHABLE' : 'BAD_USER_INPUT'),
    message ?? (status ? `HTTP ${status}` : ''),
    Number.isFinite(seconds) ? seconds * 1000 : 0,
  );
}

interface ServerError {
  code?: string | undefined;
  message?: string | undefined;
}

/** The error in a JSON body of `/uploads` or `/graphql`; undefined for another body. */
function errorIn(body: string): ServerError | undefined {
  try {
    const parsed = JSON.parse(body) as {
      error?: ServerError;
      errors?: { message: string; extensions?: { code?: string } }[];
    } | null;
    const [first] = parsed?.errors ?? [];
    return parsed?.error ?? (first && { code: first.extensions?.code, message: first.message });
  } catch {
    return undefined;
  }
}
