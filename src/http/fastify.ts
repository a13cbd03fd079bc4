import cors from '@fastify/cors';
import fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { corsOptions, refusedOriginLogger } from './cors.ts';
import { hijack, respondWithError } from './hijack.ts';
import type { HttpBudgets } from './request-budgets.ts';
import { recordOf } from './requests/observe-requests.ts';
import { securityHeaders } from './security-headers.ts';

/** How long a socket may be idle in both directions. */
const SOCKET_IDLE_MS = 120_000;
/** How long the headers of a request may take: their sender is not authenticated yet. */
const HEADERS_MS = 20_000;
const HEADERS_CHECK_MS = 5000;

interface FastifyOptions {
  config: Config;
  log: Logger;
  budgets: HttpBudgets;
  /** Handles a request whose path cannot be decoded. */
  onInvalidPath(request: FastifyRequest, reply: FastifyReply): void;
}

/** Creates the fastify server with timeouts, security headers and CORS. Bodies stay streams. */
export async function createFastify({ config, log, budgets, onInvalidPath }: FastifyOptions): Promise<FastifyInstance> {
  const headers = securityHeaders({ hsts: config.publicUrl?.startsWith('https:') ?? false });
  const app = fastify({
    // Fastify logs its address at info, which the command line prints already.
    loggerInstance: log.child({}, { level: log.level === 'info' ? 'warn' : log.level }) as FastifyBaseLogger,
    genReqId: (request) => recordOf(request)?.id ?? '',
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
    frameworkErrors: (_error, request, reply) => onInvalidPath(request, reply.headers(headers)),
    // Uploads may take hours. Idle timers, here and in the readers of bodies, end silent requests.
    requestTimeout: 0,
    http: {
      headersTimeout: HEADERS_MS,
      connectionsCheckingInterval: HEADERS_CHECK_MS,
      // A server ignores other upgrades, such as those to HTTP/2 that Java's client offers with each
      // request. https://www.rfc-editor.org/rfc/rfc9110#section-7.8
      shouldUpgradeCallback: ({ headers }) => /\bwebsocket\b/i.test(headers.upgrade ?? ''),
    },
    connectionTimeout: SOCKET_IDLE_MS,
  });
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
  if (config.corsOrigins.length > 0) await app.register(cors, corsOptions(config.corsOrigins));
  const logRefusedOrigin = refusedOriginLogger(config, log);
  app.addHook('onRequest', (request, reply, done) => {
    budgets.register(request.raw, reply.raw);
    logRefusedOrigin(request);
    done(hasValidHost(request) ? undefined : invalidHost());
  });
  // Fastify's own handler would send the message of any error to the client. It may send those of
  // requests that Fastify refuses, such as an invalid Content-Type.
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    if (error.statusCode && error.statusCode < 500) return reply.send(error);
    hijack(reply);
    await respondWithError(log, request, reply, error);
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  return app;
}

/** Whether the header `Host` can be a part of a URL: Yoga and others make one of it. */
const hasValidHost = ({ headers: { host } }: FastifyRequest): boolean =>
  host === undefined || host === '' || URL.canParse(`http://${host}`);

/** https://www.rfc-editor.org/rfc/rfc9112#section-3.2 */
const invalidHost = () => Object.assign(new Error('The header Host is not valid.'), { statusCode: 400 });
