import type { IncomingMessage } from 'node:http';
import { ForbiddenError } from '../errors.ts';

/**
 * Protects against cross-site request forgery. A browser adds remembered Basic credentials to every
 * request to this server, also to those of another site's page: a form, or `fetch` with a body of a
 * type that forms have, needs no preflight. Scripts do not set the headers below, and a page can
 * neither omit nor change them.
 *
 * `Origin` has to be this server's, or one of `origins`. There `*` does not count: it is for pages
 * that know a key and send it themselves. Without `Origin`, `Sec-Fetch-Site` says where the page is
 * from: https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header. Throws `ForbiddenError`.
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

/**
 * Whether an origin is the address at which the client reached this server, also through a proxy.
 */
function isOwn(origin: string, host: string, publicUrl: string): boolean {
  if (!URL.canParse(origin)) return false; // `null`, as of a page in a sandbox
  const { protocol, host: originHost } = new URL(origin);
  if (!/^https?:$/.test(protocol)) return false;
  const serverHost = URL.canParse(`${protocol}//${host}`) ? new URL(`${protocol}//${host}`).host : undefined;
  return originHost === serverHost || origin === new URL(publicUrl).origin;
}
