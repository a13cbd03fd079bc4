import type { IncomingMessage } from 'node:http';

/** The header `Content-Type`; empty where there is none. */
export const contentTypeOf = ({ headers }: IncomingMessage): string => headers['content-type'] ?? '';

export const isMultipart = (request: IncomingMessage): boolean =>
  /^\s*multipart\/form-data/i.test(contentTypeOf(request));

/** Whether the body is a form of either kind that HTML has. */
export const isForm = (request: IncomingMessage): boolean =>
  isMultipart(request) || /^\s*application\/x-www-form-urlencoded/i.test(contentTypeOf(request));

/** The parameters of the query string. */
export const queryOf = ({ url = '' }: IncomingMessage): URLSearchParams =>
  new URLSearchParams(url.split('?').slice(1).join('?'));
