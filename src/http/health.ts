import type { FastifyInstance } from 'fastify';
import type { ServerOptions } from './options.ts';

/**
 * Serves `/health/live` and `/health/ready`, for load balancers. A server with a full disk is
 * ready: it serves everything but uploads, and all servers of a shared disk would be removed at
 * once.
 */
export function serveHealth(
  app: FastifyInstance,
  { log, checkReady, uploadsRefused }: Pick<ServerOptions, 'log' | 'checkReady' | 'uploadsRefused'>,
): void {
  app.get('/health/live', async () => ({ status: 'ok' }));
  app.get('/health/ready', async (_request, reply) => {
    try {
      await checkReady();
      return { status: 'ok', uploads: (await uploadsRefused()) ? 'refused: the disk is full' : 'ok' };
    } catch (err) {
      log.error({ err }, 'not ready');
      return reply.code(503).send({ status: 'unavailable' });
    }
  });
}
