import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Ports that no process listens at, and that the system does not assign to outgoing connections
 * while a server is stopped: below 32768, where Linux's ephemeral ports begin.
 * https://docs.kernel.org/networking/ip-sysctl.html
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  try {
    await once(probe.listen(port, '127.0.0.1'), 'listening');
    return true;
  } catch {
    return false;
  } finally {
    probe.close();
  }
}
