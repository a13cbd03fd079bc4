import type { IncomingMessage } from 'node:http';
import type { Counter, Credentials } from '../auth/sign-in-limiter.ts';

/**
 * The counter of a request with such credentials. What a page of another site lets a browser send is
 * counted apart: otherwise any page with some images could block the sign-ins of everyone at the
 * address of one of its readers. https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
export function counterOf({ headers }: Pick<IncomingMessage, 'headers'>, credentials: Credentials): Counter {
  const site = headers['sec-fetch-site'];
  return site === 'cross-site' || site === 'same-site' ? `${credentials} of other sites` : credentials;
}
