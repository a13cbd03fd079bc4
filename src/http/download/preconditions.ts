import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Conditions of a request for content, which are asked in this order: `failsPrecondition`, `isNotModified`, the range.
 * https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2
 */

/** Whether the client wants the content that it knows, and this is another. Without a date, only ETags are compared. */
export function failsPrecondition({ headers }: IncomingMessage, etag: string, modified?: Date): boolean {
  const ifMatch = headers['if-match'];
  if (ifMatch !== undefined) return !isMatchedBy(ifMatch, etag);
  return modified !== undefined && Date.parse(headers['if-unmodified-since'] ?? '') < inSeconds(modified);
}

/** A weak ETag matches nothing: https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1 */
const isMatchedBy = (ifMatch: string, etag: string): boolean =>
  ifMatch.trim() === '*' || ifMatch.split(',').some((candidate) => candidate.trim() === etag);

/** Whether the client has it already. */
export function isNotModified({ headers }: IncomingMessage, etag: string, modified?: Date): boolean {
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined) return isKnownBy(ifNoneMatch, etag);
  return modified !== undefined && Date.parse(headers['if-modified-since'] ?? '') >= inSeconds(modified);
}

/** https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2 */
const isKnownBy = (ifNoneMatch: string, etag: string): boolean =>
  ifNoneMatch.trim() === '*' ||
  ifNoneMatch.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === etag);

/** In milliseconds, to the second: dates of HTTP have no parts of one. */
const inSeconds = (date: Date): number => Math.floor(date.getTime() / 1000) * 1000;

/** Answers a client whose content is another; `headers` are those that the content would have. */
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
