import { readCredentials } from './credentials.ts';
import { SignInError, UsageError } from './errors.ts';
import type { Environment } from './folders.ts';

/** A server, and the API key that is sent to it. */
export interface Connection {
  /** Without a trailing slash, as in `https://files.example.com`. */
  url: string;
  key: string;
}

/**
 * Returns the server of a command: the one of `--server` or ATTACHE_URL, or else the default one of
 * `attache login`. ATTACHE_KEY precedes stored keys. It is for the server of ATTACHE_URL, or of
 * `--server` if there is no ATTACHE_URL: another server gets only a key that is stored for it.
 */
export async function findConnection(env: Environment, server: string | undefined): Promise<Connection> {
  const { ATTACHE_URL, ATTACHE_KEY } = env;
  const named = server ?? ATTACHE_URL;
  const namedUrl = named ? parseServerUrl(named) : undefined;
  if (ATTACHE_KEY) {
    if (!namedUrl) throw new UsageError('ATTACHE_KEY is set without ATTACHE_URL: set both.');
    if (!ATTACHE_URL || parseServerUrl(ATTACHE_URL) === namedUrl)
      return warnIfExposed({ url: namedUrl, key: parseKey(ATTACHE_KEY) });
  }
  const { defaultUrl, servers } = await readCredentials(env);
  const url = namedUrl ?? defaultUrl;
  if (!url) throw new SignInError('No server is known: run "attache login URL", or set ATTACHE_URL and ATTACHE_KEY.');
  const stored = Object.hasOwn(servers, url) ? servers[url] : undefined;
  if (!stored)
    throw new SignInError(
      ATTACHE_KEY
        ? `No key is stored for ${url}, and ATTACHE_KEY is for ${ATTACHE_URL}: run "attache login ${url}".`
        : `No key is stored for ${url}: run "attache login ${url}", or set ATTACHE_URL and ATTACHE_KEY.`,
    );
  return warnIfExposed({ url, key: stored.key });
}

/** The address of a server as it is compared and stored. `/graphql` at its end is left out. */
export function parseServerUrl(text: string): string {
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : withProtocol(text));
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username || url.password)
    throw new UsageError(`"${text}" is not the address of a server. Write it as in https://files.example.com.`);
  return `${url.origin}${url.pathname.replace(/\/(?:graphql\/?)?$/, '')}`;
}

/** Servers of this machine have no TLS. */
function withProtocol(address: string): string {
  const hostname = URL.parse(`https://${address}`)?.hostname ?? '';
  return `${isLoopback(hostname) ? 'http' : 'https'}://${address}`;
}

/** A key is sent in a header: anything but visible ASCII cannot be one. */
export function parseKey(text: string): string {
  const key = text.trim();
  if (!/^[\x21-\x7e]+$/.test(key)) throw new UsageError('This is not an API key: it is empty, or has spaces in it.');
  return key;
}

/** A key that is sent unencrypted can be read by everyone on the way. */
export function warnIfExposed(connection: Connection): Connection {
  const { protocol, hostname } = new URL(connection.url);
  if (protocol === 'http:' && !isLoopback(hostname))
    process.stderr.write(`Warning: ${connection.url} is not encrypted; others can read the key. Use https.\n`);
  return connection;
}

/** Whether the hostname of a parsed URL is of this machine. `127.example.com` is a name of any other. */
const isLoopback = (hostname: string): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
