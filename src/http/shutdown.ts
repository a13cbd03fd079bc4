import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/** How long open requests may take to end, before their connections are closed. */
const SHUTDOWN_MS = 30_000;
/** How often connections whose last request has ended are closed. */
const IDLE_CHECK_MS = 50;

/**
 * Returns a function that stops the server: it closes unused connections, closes the others when
 * their request ends, and runs `dispose` meanwhile. Call `gracefulShutdown` before the server
 * listens.
 */
export function gracefulShutdown(server: Server): (dispose: () => Promise<void>) => Promise<void> {
  // Browsers open connections in advance. The server would wait for such a connection to end.
  const unused = new Set<Socket>();
  server.on('connection', (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  for (const event of ['request', 'upgrade']) {
    server.on(event, ({ socket }: IncomingMessage) => unused.delete(socket));
  }
  return async (dispose) => {
    server.close();
    for (const socket of unused) socket.destroy();
    const idleCheck = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
    const timeout = setTimeout(() => server.closeAllConnections(), SHUTDOWN_MS);
    await dispose();
    clearInterval(idleCheck);
    clearTimeout(timeout);
  };
}
