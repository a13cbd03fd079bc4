import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { assertAdminScope } from '../auth/require-scope.ts';
import type { Authentication } from './authentication.ts';
import { keyInHeader } from './credentials.ts';
import { hijack, respondWithError } from './hijack.ts';
import type { ServerOptions } from './options.ts';
import { respond } from './respond.ts';

/** Connections of a port without authentication: a few scrapers have one each. */
const MAX_CONNECTIONS = 20;
const TIMEOUT_MS = 10_000;

/** Serves `/metrics` for administrators, on the port of everything else. */
export function serveMetrics(
  app: FastifyInstance,
  { metrics, authentication, log }: Pick<ServerOptions, 'metrics' | 'log'> & { authentication: Authentication },
): void {
  app.get('/metrics', async (request, reply) => {
    hijack(reply);
    try {
      assertAdminScope(await authentication.authenticate(request.raw, keyInHeader(request.headers)), 'read metrics');
      const headers = { 'content-type': metrics.contentType, 'cache-control': 'no-store' };
      await respond(request.raw, reply.raw, { status: 200, headers, body: await metrics.scrape() });
    } catch (err) {
      await respondWithError(log, request, reply, err);
    }
  });
}

/**
 * Serves `/metrics` and nothing else, without credentials, on a port of its own. Who may connect is
 * up to the network. Rejects when the address cannot be listened on.
 */
export async function startMetricsServer(
  { port, host }: { port: number; host: string },
  { metrics, log }: Pick<ServerOptions, 'metrics' | 'log'>,
): Promise<{ url: string } & AsyncDisposable> {
  const answer = async (url: string | undefined, response: ServerResponse): Promise<void> => {
    if (url?.split('?', 1)[0] !== '/metrics') return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': metrics.contentType }).end(await metrics.scrape());
  };
  const server = createServer({ headersTimeout: TIMEOUT_MS, requestTimeout: TIMEOUT_MS }, (request, response) => {
    answer(request.url, response).catch((err) => {
      log.error({ err }, 'metrics could not be read');
      response.destroy();
    });
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.setTimeout(TIMEOUT_MS, (socket) => socket.destroy());
  server.listen({ port, host });
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}/metrics`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
