import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import fastify, { type FastifyBaseLogger, type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import type { Logger } from 'pino';
import type { Viewer } from '../auth/permissions.ts';
import { SignInLimiter } from '../auth/sign-in-limiter.ts';
import type { Config } from '../config.ts';
import type { RequestBudget } from '../context.ts';
import { excerpt, NotFoundError } from '../errors.ts';
import { openLegacyApis } from '../legacy/index.ts';
import { limitedAuthentication } from './authentication.ts';
import { BodyBudget } from './body/body-budget.ts';
import { readJsonText, readUnauthenticated } from './body/json-body.ts';
import { receiveBody } from './body/read-body.ts';
import { clientAddresses } from './client-address.ts';
import { keyInHeader } from './credentials.ts';
import { download } from './download/download.ts';
import { serveFiles } from './download/routes.ts';
import { continueWhenRead } from './expect-continue.ts';
import { graphiqlPage } from './graphiql/graphiql.ts';
import { createGraphQL, graphQLErrorResponse, handleGraphQL } from './graphql/graphql-server.ts';
import { errorResponse, hijack, respondWithError } from './hijack.ts';
import { readLegacyForm } from './multipart/legacy-form.ts';
import type { ServerOptions } from './options.ts';
import { HttpBudgets } from './request-budgets.ts';
import { respond } from './respond.ts';
import { serveUploads, tusHeaders } from './tus/index.ts';
import { serveWebSocket } from './websocket/websocket-server.ts';

/** How long a socket may be silent in both directions: a reader that stalls, a sender that never comes to its point. */
const SOCKET_IDLE_MS = 120_000;

/** How long the headers of a request may take: nobody knows yet who sends them. */
const HEADERS_MS = 20_000;
const HEADERS_CHECK_MS = 5000;
/** How long an upload may take beyond what its bytes are due. */
const UPLOAD_GRACE_MS = 60_000;

/** How long requests under way may take to end when the server stops. Those who stop it wait, or kill it. */
const SHUTDOWN_MS = 30_000;
const SWEEP_MS = 50;

/** What browsers may send from other sites. */
const askedHeaders = [
  ...['authorization', 'content-type', 'range', 'if-range', 'if-match', 'if-none-match', 'if-modified-since'],
  ...['if-unmodified-since', 'cache-control', 'last-event-id', 'traceparent', 'tracestate'],
  ...['sentry-trace', 'baggage', 'idempotency-key', 'x-request-id', 'x-apollo-operation-id', 'x-apollo-operation-type'],
  // Stock clients of GraphQL, and what they send so that no form of another site can.
  ...['apollo-require-preflight', 'x-apollo-operation-name', 'apollographql-client-name'],
  ...['apollographql-client-version', 'graphql-preflight', 'x-graphql-operation-name', 'graphql-require-preflight'],
];
/** What they may read of an answer beside the few headers that every page may. */
const answeredHeaders = [
  ...[
    'accept-ranges',
    'content-disposition',
    'content-range',
    'etag',
    'retry-after',
    'www-authenticate',
    'x-request-id',
  ],
];

export interface RunningServer extends AsyncDisposable {
  /** Where it listens, without a slash at the end. */
  url: string;
}

/** Opens the doors: all that is reached over HTTP. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, createReceiver, events, log } = options;
  const addressOf = clientAddresses(config.trustedProxies, log);
  const authentication = limitedAuthentication(options, new SignInLimiter(log), addressOf);
  const budget = new BodyBudget();
  const pace = { idleMs: config.uploadIdleMs, graceMs: UPLOAD_GRACE_MS, bytesPerSecond: config.minUploadRate };
  const budgets = new HttpBudgets(options.budgets);
  const contextFor = (viewer: Viewer, request: IncomingMessage) =>
    options.contextFor(viewer, budgets.of(request, viewer));
  await using stack = new AsyncDisposableStack();
  const app = fastify({
    // Its word of where it listens is for the log; people are told by the command line.
    loggerInstance: log.child({}, { level: log.level === 'info' ? 'warn' : log.level }) as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
    // A path that cannot be decoded.
    frameworkErrors: (_error, request, reply) => void answerOthers(request, reply),
    // Honest uploads may take hours. What is silent is cut by idle timers, here and where bodies are read.
    requestTimeout: 0,
    http: { headersTimeout: HEADERS_MS, connectionsCheckingInterval: HEADERS_CHECK_MS },
    connectionTimeout: SOCKET_IDLE_MS,
  });
  stack.defer(() => app.close());
  // Before the server closes: it waits for answers under way, and a subscription's would never end by itself.
  stack.use(events);

  await app.register(helmet, {
    contentSecurityPolicy: false, // each answer that a browser could run has its own
    hsts: config.publicUrl?.startsWith('https:') ?? false,
  });
  if (config.corsOrigins.length > 0) {
    await app.register(cors, {
      origin: config.corsOrigins.includes('*') ? '*' : [...config.corsOrigins],
      methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
      allowedHeaders: [...askedHeaders, ...tusHeaders.asked],
      exposedHeaders: [...answeredHeaders, ...tusHeaders.answered],
      maxAge: 86_400,
    });
  }
  const reportOrigin = refusedOriginReporter(config, log);
  app.addHook('onRequest', (request, reply, done) => {
    budgets.expect(request.raw, reply.raw);
    reportOrigin(request);
    done();
  });
  // Bodies are streams until the one who wants them reads them.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));

  let url = '';
  const basePath = pathOf(config.publicUrl);
  const graphqlOptions = {
    createReceiver,
    epoch: events.epoch,
    slowReaderMs: config.slowReaderMs,
    isReady: () => options.checkReady(),
    limits: config.limits,
    maxFieldSize: config.maxQuerySize,
    maxQuerySize: config.maxQuerySize,
    pace,
    budget,
    log,
    contextFor: (viewer: Viewer, budget?: RequestBudget) => ({
      ...options.contextFor(viewer, budget),
      publicUrl: config.publicUrl ?? url,
    }),
  };
  const graphql = createGraphQL(graphqlOptions);

  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    async handler(request, reply) {
      if (request.method === 'GET' && request.headers.accept?.includes('text/html')) return sendPage(request, reply);
      hijack(reply);
      try {
        const viewer = await authentication.authenticate(request.raw, keyInHeader(request.headers));
        await handleGraphQL(
          graphql,
          graphqlOptions,
          { viewer, budget: budgets.of(request.raw, viewer) },
          request.raw,
          reply.raw,
        );
      } catch (err) {
        await respondWithError(log, request, reply, err, graphQLErrorResponse(err, request.headers.accept));
      }
    },
  });

  serveFiles(app, { config, log, authentication, contextFor });
  serveUploads(app, { config, log, authentication, pace, basePath, contextFor });

  app.get('/health/live', async () => ({ status: 'ok' }));
  app.get('/health/ready', async (_request, reply) => {
    try {
      await options.checkReady();
      return { status: 'ok' };
    } catch (err) {
      log.error({ err }, 'not ready');
      return reply.code(503).send({ status: 'unavailable' });
    }
  });
  app.get('/', (_request, reply) => reply.redirect(`${basePath}/graphql`));
  const { limits, maxQuerySize: maxFieldSize } = config;
  const reading = { createReceiver, limits, maxFieldSize, pace, budget };
  const legacy = openLegacyApis(config.legacyApis, {
    ...authentication,
    contextFor,
    limits: config.limits,
    publicUrl: () => config.publicUrl ?? url,
    corsOrigins: config.corsOrigins,
    log,
    answer: respond,
    readForm: (request, { userId }, isFile) => readLegacyForm(request, { ...reading, userId }, isFile),
    readJson: (request, { userId }, limits) => readJsonText(request, { ...limits, budget, userId }),
    readUnauthenticated,
    receiveBody: (request, claim) => receiveBody(request, claim, reading),
    download: (ctx, id, request, response, headers) => download(ctx, id, request, response, { headers }),
  });
  // What no newer door answers. Before fastify looks at content types, of which older clients send what no standard knows.
  const answerOthers = async (request: FastifyRequest, reply: FastifyReply) => {
    hijack(reply);
    const path = request.raw.url?.split('?', 1)[0] ?? '/';
    const handler = legacy(request.method, path);
    if (!handler) return respond(request.raw, reply.raw, errorResponse(new NotFoundError([path])));
    try {
      await handler(request.raw, reply.raw);
    } catch (err) {
      await respondWithError(log, request, reply, err);
    } finally {
      budget.release(request.raw);
    }
  };
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404) await answerOthers(request, reply);
  });
  app.setNotFoundHandler(answerOthers);

  continueWhenRead(app.server);
  // A browser opens connections in advance. Closing waits for connections to end; one that nobody has used never would.
  const unused = new Set<Socket>();
  app.server.on('connection', (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  for (const event of ['request', 'upgrade']) {
    app.server.on(event, ({ socket }: IncomingMessage) => unused.delete(socket));
  }

  stack.use(
    serveWebSocket(app.server, {
      ...{ graphql, authentication, events, log },
      ...{ budgets: options.budgets, bodies: budget },
    }),
  );
  await app.listen({ port: config.port, host: config.host });
  url = urlOf(app.server.address(), config.host);
  const running = stack.move();
  return {
    url,
    async [Symbol.asyncDispose]() {
      // Nobody is let in any more; who is in is shown out.
      app.server.close();
      for (const socket of unused) socket.destroy();
      // What is done with its last request is asked for no other.
      const sweep = setInterval(() => app.server.closeIdleConnections(), SWEEP_MS);
      const patience = setTimeout(() => app.server.closeAllConnections(), SHUTDOWN_MS);
      await running.disposeAsync();
      clearInterval(sweep);
      clearTimeout(patience);
    },
  };
}

/**
 * The path of the public URL without a slash at its end, which stands before the path of every
 * `Location`: a proxy that serves this server below a path does not rewrite headers.
 */
const pathOf = (publicUrl: string | undefined): string =>
  publicUrl === undefined ? '' : new URL(publicUrl).pathname.replace(/\/+$/, '');

/** Refused origins that are logged. */
const MAX_REPORTED = 100;

/** Logs each origin that `CORS_ORIGINS` does not name once: the browser tells its user nothing of the setting. */
function refusedOriginReporter({ corsOrigins, publicUrl }: Config, log: Logger) {
  const reported = new Set<string>();
  return ({ headers: { origin, host } }: FastifyRequest): void => {
    if (origin === undefined || corsOrigins.includes('*') || corsOrigins.includes(origin)) return;
    if (origin === `http://${host}` || origin === `https://${host}` || publicUrl?.startsWith(origin)) return;
    if (reported.has(origin) || reported.size >= MAX_REPORTED) return;
    reported.add(origin);
    log.warn({ origin: excerpt(origin) }, 'a page of another site may not read the answers; CORS_ORIGINS can name it');
  };
}

async function sendPage(request: FastifyRequest, reply: FastifyReply) {
  const { html, gzipped, headers, etag } = await graphiqlPage();
  reply.headers({ ...headers, etag });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  if (!request.headers['accept-encoding']?.includes('gzip')) return reply.send(html);
  return reply.header('content-encoding', 'gzip').send(gzipped);
}

function urlOf(address: ReturnType<import('node:http').Server['address']>, host: string): string {
  const port = typeof address === 'object' && address ? address.port : 0;
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
