import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import fastify, { type FastifyBaseLogger, type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import type { Logger } from 'pino';
import type { Viewer } from '../auth/permissions.ts';
import type { Config } from '../config.ts';
import type { Context } from '../context.ts';
import { NotFound } from '../errors.ts';
import type { EventHub } from '../events/hub.ts';
import { openLegacyApis } from '../legacy/index.ts';
import type { Storage } from '../storage/storage.ts';
import { answer } from './answer.ts';
import { readBody, receiveBody } from './body.ts';
import { errorBody, takeOver, tell } from './by-hand.ts';
import { keyInHeader } from './credentials.ts';
import { download } from './download.ts';
import { serveFiles } from './files.ts';
import { readForm } from './form.ts';
import { graphiqlPage } from './graphiql.ts';
import { createGraphQL, graphQLErrorAnswer, handleGraphQL } from './graphql.ts';
import { serveUploads, tusHeaders } from './tus/index.ts';
import { serveWebSocket } from './websocket.ts';

/** How long a socket may be silent in both directions: a reader that stalls, a sender that never comes to its point. */
const SOCKET_IDLE_MS = 120_000;

/** How long requests under way may take to end when the server stops. Those who stop it wait, or kill it. */
const SHUTDOWN_MS = 30_000;
const SWEEP_MS = 50;

/** What browsers may send from other sites. */
const askedHeaders = ['authorization', 'content-type', 'apollo-require-preflight', 'x-apollo-operation-name', 'range'];

export interface ServerOptions {
  config: Config;
  storage: Storage;
  events: EventHub;
  log: Logger;
  /** Whose key it is; throws `Unauthenticated`. */
  authenticate(key: string | undefined): Promise<Viewer>;
  /** Whose key proves a signature; throws `Unauthenticated`. */
  signerOf(proves: (key: string) => boolean): Promise<Viewer>;
  /** As whom a signed link lets read a file; throws `Unauthenticated`. */
  viewerOfLink(fileId: number, token: string): Promise<Viewer>;
  /** A new unit of work for the viewer. */
  contextFor(viewer: Viewer): Context;
  /** Throws when the server cannot do its work. */
  checkReady(): Promise<void>;
}

export interface RunningServer extends AsyncDisposable {
  /** Where it listens, without a slash at the end. */
  url: string;
}

/** Opens the doors: all that is reached over HTTP. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, storage, events, log, authenticate, contextFor } = options;
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
      exposedHeaders: ['content-disposition', 'content-range', 'etag', ...tusHeaders.answered],
      maxAge: 86_400,
    });
  }
  // Bodies are streams until the one who wants them reads them.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));

  let url = '';
  const graphqlOptions = {
    storage,
    epoch: events.epoch,
    slowReaderMs: config.slowReaderMs,
    isReady: () => options.checkReady(),
    limits: config.limits,
    maxFieldSize: config.maxQuerySize,
    maxQuerySize: config.maxQuerySize,
    idleMs: config.uploadIdleMs,
    log,
    contextFor: (viewer: Viewer) => ({ ...contextFor(viewer), publicUrl: config.publicUrl ?? url }),
  };
  const graphql = createGraphQL(graphqlOptions);

  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    async handler(request, reply) {
      if (request.method === 'GET' && request.headers.accept?.includes('text/html')) return sendPage(request, reply);
      takeOver(reply);
      try {
        const viewer = await authenticate(keyInHeader(request.headers));
        await handleGraphQL(graphql, graphqlOptions, viewer, request.raw, reply.raw);
      } catch (err) {
        await tell(log, request, reply, err, graphQLErrorAnswer(err));
      }
    },
  });

  serveFiles(app, { ...options, contextFor });
  serveUploads(app, { ...options, contextFor });

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
  app.get('/', (_request, reply) => reply.redirect('/graphql'));
  const { limits, maxQuerySize: maxFieldSize, uploadIdleMs: idleMs } = config;
  const reading = { storage, limits, maxFieldSize, idleMs };
  const legacy = openLegacyApis(config.legacyApis, {
    authenticate,
    signerOf: options.signerOf,
    contextFor,
    limits: config.limits,
    publicUrl: () => config.publicUrl ?? url,
    log,
    answer,
    readForm: (request, isFile) => readForm(request, reading, isFile),
    readBody: (request, limit = config.maxQuerySize) => readBody(request, limit, config.uploadIdleMs),
    receiveBody: (request, claim) => receiveBody(request, claim, reading),
    download: (ctx, id, request, response, headers) => download(ctx, id, request, response, { headers }),
  });
  // What no newer door answers. Before fastify looks at content types, of which older clients send what no standard knows.
  const answerOthers = async (request: FastifyRequest, reply: FastifyReply) => {
    takeOver(reply);
    const path = request.raw.url?.split('?', 1)[0] ?? '/';
    const handler = legacy(request.method, path);
    if (!handler) return answer(request.raw, reply.raw, errorBody(new NotFound([path])));
    try {
      await handler(request.raw, reply.raw);
    } catch (err) {
      await tell(log, request, reply, err);
    }
  };
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404) await answerOthers(request, reply);
  });
  app.setNotFoundHandler(answerOthers);

  // A browser opens connections in advance. Closing waits for connections to end; one that nobody has used never would.
  const unused = new Set<Socket>();
  app.server.on('connection', (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  for (const event of ['request', 'upgrade']) {
    app.server.on(event, ({ socket }: IncomingMessage) => unused.delete(socket));
  }

  stack.use(serveWebSocket(app.server, { graphql, authenticate, events, log }));
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
