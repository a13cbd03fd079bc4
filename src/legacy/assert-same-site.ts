import type { IncomingMessage } from 'node:http';
import { ForbiddenError } from '../errors.ts';

/**
 * A browser that was once given Basic credentials sends them along with every request to this server, also with those
 * that a page of another site makes: a form, or `fetch` with a body of a type that forms have, asks nobody before. So
 * where Basic credentials are what says who calls, a request that bears the marks of another site is refused. Scripts
 * set none of these headers, and pages cannot leave them out.
 *
 * `Origin` has to be that of this server, or one of `origins`, of which `*` counts for nothing here: it lets pages call
 * that know a key, and those send it themselves. Without an `Origin`, `Sec-Fetch-Site` says where the page came from:
 * https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header. Throws `ForbiddenError`.
 */
export function assertSameSite(
  { headers }: Pick<IncomingMessage, 'headers'>,
  { publicUrl, origins }: { publicUrl: string; origins: readonly string[] },
): void {
  const { origin, host = '', 'sec-fetch-site': site } = headers;
  const isOther =
    origin === undefined
      ? site === 'cross-site' || site === 'same-site'
      : !isOwn(origin, host, publicUrl) && !(origin !== '*' && origins.includes(origin));
  if (isOther) {
    throw new ForbiddenError('A page of another site sent this request. Its site has to be one of CORS_ORIGINS.');
  }
}

/** Whether an origin is that of the address at which this server was reached, whatever proxy stands before it. */
function isOwn(origin: string, host: string, publicUrl: string): boolean {
  if (!URL.canParse(origin)) return false; // `null`, as of a page in a sandbox
  const { protocol, host: ofPage } = new URL(origin);
  if (!/^https?:$/.test(protocol)) return false;
  const ofServer = URL.canParse(`${protocol}//${host}`) ? new URL(`${protocol}//${host}`).host : undefined;
  return ofPage === ofServer || origin === new URL(publicUrl).origin;
}
