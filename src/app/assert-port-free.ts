import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Config } from '../config.ts';

/**
 * Checks that the port is free before anything is created. Otherwise a first start could print the
 * administrator's key and then fail, and the next start would not print the key again. Rejects with
 * the error of listening.
 */
export async function assertPortFree({ port, host }: Pick<Config, 'port' | 'host'>): Promise<void> {
  if (port === 0) return;
  const probe = createServer().listen({ port, host });
  await once(probe, 'listening'); // Rejects when the probe emits an error.
  await new Promise((resolve) => probe.close(resolve));
}
