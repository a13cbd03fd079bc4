import type { IncomingMessage } from 'node:http';
import type { HttpResponse } from '../respond.ts';
import { plainPage } from './plain-page.ts';

/** Paths of more segments get a link that leads nowhere: their length is chosen by the client. */
const MAX_DEPTH = 32;

/** Whether a person reads the answer: a browser that opens an address prefers HTML. */
export const prefersHtml = ({ method, headers }: IncomingMessage): boolean =>
  (method === 'GET' || method === 'HEAD') && (headers.accept?.includes('text/html') ?? false);

/**
 * The page for an address at which there is nothing. Its link to `/` is relative, because a proxy
 * may serve this server below a path. It does not repeat the address, which anybody can choose.
 */
export function notFoundPage(path: string): HttpResponse {
  const depth = Math.min(path.split('/').length - 2, MAX_DEPTH);
  const home = depth > 0 ? '../'.repeat(depth) : './';
  const { html, headers } = plainPage({
    title: 'Not found – Attaché',
    main: `<h1>Not found</h1>\n<p>There is nothing at this address.</p>\n<p><a href="${home}">Go to the projects</a></p>`,
  });
  return { status: 404, headers, body: html };
}
