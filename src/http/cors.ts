import type { FastifyCorsOptions } from '@fastify/cors';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../config.ts';
import type { Log } from '../context.ts';
import { excerpt } from '../errors.ts';
import { tusHeaders } from './tus/index.ts';

/** The headers that pages of other sites may send. */
const requestHeaders = [
  ...['authorization', 'content-type', 'range', 'if-range', 'if-match', 'if-none-match', 'if-modified-since'],
  ...['if-unmodified-since', 'cache-control', 'last-event-id', 'traceparent', 'tracestate'],
  ...['sentry-trace', 'baggage', 'idempotency-key', 'x-request-id', 'x-apollo-operation-id', 'x-apollo-operation-type'],
  'share-password',
  // Headers of common GraphQL clients, among them those that force a CORS preflight.
  ...['apollo-require-preflight', 'x-apollo-operation-name', 'apollographql-client-name'],
  ...['apollographql-client-version', 'graphql-preflight', 'x-graphql-operation-name', 'graphql-require-preflight'],
];

/** The response headers that they may read, beside the CORS-safelisted ones. */
const responseHeaders = [
  ...['accept-ranges', 'content-disposition', 'content-range', 'etag', 'retry-after', 'www-authenticate'],
  'x-request-id',
];

/** What pages of `origins` may do; `*` stands for every origin. */
export const corsOptions = (origins: readonly string[]): FastifyCorsOptions => ({
  origin: origins.includes('*') ? '*' : [...origins],
  methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
  allowedHeaders: [...requestHeaders, ...tusHeaders.request],
  exposedHeaders: [...responseHeaders, ...tusHeaders.response],
  maxAge: 86_400,
});

/** The most refused origins that are logged. */
const MAX_LOGGED = 100;

/**
 * Logs each origin that `CORS_ORIGINS` does not allow, once: the browser's error does not mention
 * the setting.
 */
export function refusedOriginLogger(
  { corsOrigins, publicUrl }: Pick<Config, 'corsOrigins' | 'publicUrl'>,
  log: Log,
): (request: FastifyRequest) => void {
  const logged = new Set<string>();
  return ({ headers: { origin, host } }) => {
    if (origin === undefined || corsOrigins.includes('*') || corsOrigins.includes(origin)) return;
    if (origin === `http://${host}` || origin === `https://${host}` || publicUrl?.startsWith(origin)) return;
    if (logged.has(origin) || logged.size >= MAX_LOGGED) return;
    logged.add(origin);
    log.warn({ origin: excerpt(origin) }, 'an origin may not read responses; add it to CORS_ORIGINS to allow it');
  };
}
