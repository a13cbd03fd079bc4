import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * The conditions of a request for content. They are evaluated in this order: `failsPrecondition`,
 * `isNotModified`, the range.
 * https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2
 */

/**
 * Whether `If-Match` or `If-Unmodified-Since` requires another version than this one. Without a
 * date, only ETags are compared.
 */
export function failsPrecondition({ headers }: IncomingMessage, etag: string, modified?: Date): boolean {
  const ifMatch = headers['if-match'];
  if (ifMatch !== undefined) return !matchesStrongly(ifMatch, etag);
  return modified !== undefined && Date.parse(headers['if-unmodified-since'] ?? '') < toFullSecond(modified);
}

/**
 * Strong comparison, in which a weak ETag never matches:
 * https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1
 */
const matchesStrongly = (ifMatch: string, etag: string): boolean =>
  ifMatch.trim() === '*' || ifMatch.split(',').some((candidate) => candidate.trim() === etag);

/** Whether the client's copy is current, by `If-None-Match` or `If-Modified-Since`. */
export function isNotModified({ headers }: IncomingMessage, etag: string, modified?: Date): boolean {
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined) return matchesWeakly(ifNoneMatch, etag);
  return modified !== undefined && Date.parse(headers['if-modified-since'] ?? '') >= toFullSecond(modified);
}

/** Weak comparison: https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2 */
const matchesWeakly = (ifNoneMatch: string, etag: string): boolean =>
  ifNoneMatch.trim() === '*' ||
  ifNoneMatch.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === etag);

/** In milliseconds, rounded down to a second: HTTP dates have no fractions. */
const toFullSecond = (date: Date): number => Math.floor(date.getTime() / 1000) * 1000;

/** Sends 412. `headers` are those of the content. */
export function sendPreconditionFailed(
  request: IncomingMessage,
  response: ServerResponse,
  headers: Record<string, string>,
): void {
  const message = `The content is not the one of If-Match or If-Unmodified-Since. Its ETag is ${headers.etag}.`;
  const body = JSON.stringify({ error: { message, code: 'CONFLICT' } });
  const { 'content-disposition': _, ...others } = headers;
  response.writeHead(412, {
    ...others,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
