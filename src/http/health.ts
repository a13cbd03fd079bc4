import type { FastifyInstance } from 'fastify';
import type { ServerOptions } from './options.ts';

/** Serves `/health/live` and `/health/ready`, for load balancers. */
export function serveHealth(
  app: FastifyInstance,
  { log, checkReady }: Pick<ServerOptions, 'log' | 'checkReady'>,
): void {
  app.get('/health/live', async () => ({ status: 'ok' }));
  app.get('/health/ready', async (_request, reply) => {
    try {
      await checkReady();
      return { status: 'ok' };
    } catch (err) {
      log.error({ err }, 'not ready');
      return reply.code(503).send({ status: 'unavailable' });
    }
  });
}
