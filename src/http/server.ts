import type { IncomingMessage, Server } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Viewer } from '../auth/permissions.ts';
import { SignInLimiter } from '../auth/sign-in-limiter.ts';
import { RequestRates } from '../budget/request-rates.ts';
import type { Client, RequestBudget } from '../context.ts';
import { limitedAuthentication } from './authentication.ts';
import { BodyBudget } from './body/body-budget.ts';
import { pacesFrom } from './body/paces.ts';
import { clientAddressResolver } from './client-address.ts';
import { serveFiles } from './download/routes.ts';
import { serveShares } from './download/share-routes.ts';
import { sendContinueOnRead } from './expect-continue.ts';
import { createFastify } from './fastify.ts';
import { handleDroppedErrors } from './graphql/dropped-errors.ts';
import { createGraphQL } from './graphql/graphql-server.ts';
import { serveGraphQL } from './graphql/routes.ts';
import { limitedGuestAuthentication } from './guest-authentication.ts';
import { serveHealth } from './health.ts';
import { mountLegacyApis } from './legacy-apis.ts';
import { serveMetrics } from './metrics.ts';
import type { ServerOptions } from './options.ts';
import { HttpBudgets } from './request-budgets.ts';
import { observeRequests, recordOf } from './requests/observe-requests.ts';
import type { RequestRecord } from './requests/observer.ts';
import { gracefulShutdown } from './shutdown.ts';
import { serveWeb } from './static/serve-web.ts';
import { signInSettings } from './static/sign-in-settings.ts';
import { webFolder } from './static/web-folder.ts';
import { serveUploads } from './tus/index.ts';
import { unmatchedHandler } from './unmatched.ts';
import { serveWebSocket } from './websocket/websocket-server.ts';

export interface RunningServer extends AsyncDisposable {
  /** The address it listens on, without a trailing slash. */
  url: string;
}

/** Starts everything that is reached over HTTP. Rejects when the address cannot be listened on. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, createReceiver, events, log } = options;
  const { limits } = config;
  const addressOf = clientAddressResolver(config.trustedProxies, log);
  const rates = new RequestRates(limits, log);
  const authentication = limitedAuthentication(options, { signIns: new SignInLimiter(log), rates, addressOf });
  const guests = limitedGuestAuthentication(options, { log, rates, addressOf });
  const bodies = new BodyBudget();
  const paces = pacesFrom(config);
  const budgets = new HttpBudgets(options.budgets);
  const clientOf = (request: IncomingMessage): Client => {
    const { address, id: requestId } = recordOf(request) as RequestRecord;
    return { address, requestId };
  };
  const contextFor = (viewer: Viewer, request: IncomingMessage, account: Pick<Viewer, 'userId'> = viewer) =>
    options.contextFor(viewer, budgets.budgetFor(request, account), clientOf(request));
  const basePath = pathOf(config.publicUrl);
  let url = '';
  const publicUrl = () => config.publicUrl ?? url;

  await using stack = new AsyncDisposableStack();
  const app = await createFastify({ config, log, budgets, onInvalidPath: (...args) => void handleUnmatched(...args) });
  observeRequests(app.server, { observer: options.requests, addressOf });
  stack.use(handleDroppedErrors((error) => graphql.toGraphQLError(error)));
  stack.defer(() => app.close());
  // Disposed before the server closes, which waits for open responses: event streams end only here.
  stack.use(events);

  const forms = { createReceiver, limits, maxFieldSize: config.maxQuerySize, pace: paces.upload, budget: bodies };
  const graphqlOptions = {
    ...forms,
    jsonPace: paces.json,
    epoch: events.epoch,
    slowReaderMs: config.slowReaderMs,
    isReady: () => options.checkReady(),
    maxQuerySize: config.maxQuerySize,
    introspection: config.introspection,
    trustedDocuments: options.trustedDocuments,
    log,
    requests: options.requests,
    clientOf,
    contextFor: (viewer: Viewer, budget?: RequestBudget, client?: Client) => ({
      ...options.contextFor(viewer, budget, client),
      publicUrl: publicUrl(),
    }),
  };
  const graphql = createGraphQL(graphqlOptions);
  const sendPage = await serveWeb(app, { folder: webFolder(), readSettings: signInSettings(config, log) });
  serveGraphQL(app, { graphql, graphqlOptions, authentication, guests, budgets, sendPage, log });
  serveFiles(app, { config, log, authentication, contextFor });
  serveShares(app, { log, guests, contextFor });
  serveUploads(app, { config, log, authentication, guests, pace: paces.upload, basePath, contextFor });
  serveMetrics(app, { metrics: options.metrics, authentication, log });
  serveHealth(app, options);

  const handlerOf = mountLegacyApis({
    config,
    authentication,
    contextFor,
    publicUrl,
    forms,
    jsonPace: paces.json,
    log,
  });
  const handleUnmatched = unmatchedHandler({ handlerOf, bodies, log });
  // In a hook: fastify's own handler would reject content types that only older clients send.
  app.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    if (request.is404) await handleUnmatched(request, reply);
  });
  app.setNotFoundHandler(handleUnmatched);

  sendContinueOnRead(app.server);
  const shutDown = gracefulShutdown(app.server);
  stack.use(
    serveWebSocket(app.server, {
      ...{ graphql, authentication, events, log, budgets: options.budgets, bodies, clientOf },
      requests: options.requests,
    }),
  );
  await app.listen({ port: config.port, host: config.host });
  url = urlOf(app.server.address(), config.host);
  const running = stack.move();
  return { url, [Symbol.asyncDispose]: () => shutDown(() => running.disposeAsync()) };
}

/**
 * The path of the public URL, without a trailing slash. It precedes the path of every `Location`: a
 * proxy that serves this server below a path does not rewrite headers.
 */
const pathOf = (publicUrl: string | undefined): string =>
  publicUrl === undefined ? '' : new URL(publicUrl).pathname.replace(/\/+$/, '');

function urlOf(address: ReturnType<Server['address']>, host: string): string {
  const port = typeof address === 'object' && address ? address.port : 0;
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
