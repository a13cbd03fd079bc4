import type { FastifyInstance } from 'fastify';
import type { ServerOptions } from './options.ts';

type HealthOptions = Pick<ServerOptions, 'log' | 'checkReady' | 'isDraining' | 'uploadsRefused'>;

/**
 * Serves `/health/live` and `/health/ready`, for load balancers. A server with a full disk is
 * ready: it serves everything but uploads, and all servers of a shared disk would be removed at
 * once. One that is about to stop is not ready, although it serves everything.
 */
export function serveHealth(
  app: FastifyInstance,
  { log, checkReady, isDraining, uploadsRefused }: HealthOptions,
): void {
  app.get('/health/live', async () => ({ status: 'ok' }));
  app.get('/health/ready', async (_request, reply) => {
    if (isDraining()) return reply.code(503).send({ status: 'stopping' });
    try {
      await checkReady();
      return { status: 'ok', uploads: (await uploadsRefused()) ? 'refused: the disk is full' : 'ok' };
    } catch (err) {
      log.error({ err }, 'not ready');
      return reply.code(503).send({ status: 'unavailable' });
    }
  });
}
