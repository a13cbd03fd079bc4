import { readCredentials } from './credentials.ts';
import { SignInError, UsageError } from './errors.ts';
import type { Environment } from './folders.ts';

/** A server and the API key with which it is asked. */
export interface Connection {
  /** Without a trailing slash, as in `https://files.example.com`. */
  url: string;
  key: string;
}

/**
 * Returns the server of a command: the one of `--server` or ATTACHE_URL, or else the default one of
 * `attache login`. ATTACHE_KEY precedes stored keys, and needs an address beside it: a key must not
 * reach a server that it is not for.
 */
export async function findConnection(env: Environment, server: string | undefined): Promise<Connection> {
  const [named, key] = [server ?? env.ATTACHE_URL, env.ATTACHE_KEY];
  if (key && !named) throw new UsageError('ATTACHE_KEY is set without ATTACHE_URL: set both.');
  if (named && key) return warnIfExposed({ url: parseServerUrl(named), key: parseKey(key) });
  const { defaultUrl, servers } = await readCredentials(env);
  const url = named ? parseServerUrl(named) : defaultUrl;
  if (!url) throw new SignInError('No server is known: run "attache login URL", or set ATTACHE_URL and ATTACHE_KEY.');
  const stored = servers[url];
  if (!stored) throw new SignInError(`No key is stored for ${url}: run "attache login ${url}", or set ATTACHE_KEY.`);
  return warnIfExposed({ url, key: stored.key });
}

/** The address of a server as it is compared and stored. `/graphql` at its end is left out. */
export function parseServerUrl(text: string): string {
  const protocol = /^(?:localhost|127\.|\[::1\])/.test(text) ? 'http' : 'https';
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `${protocol}://${text}`);
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username || url.password)
    throw new UsageError(`"${text}" is not the address of a server. Write it as in https://files.example.com.`);
  return `${url.origin}${url.pathname.replace(/\/(?:graphql\/?)?$/, '')}`;
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

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127\./.test(hostname);
