import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { WebSocket } from 'ws';

/** How often a client is pinged. One that does not respond within this time is disconnected. */
const PING_MS = 12_000;

/** How long a client may take to respond when another connection waits for its place. */
const PROBE_MS = 5000;

/** Pings the client, and terminates the connection when no pong comes. */
export function startPinging(socket: WebSocket): () => void {
  let isAlive = true;
  socket.on('pong', () => {
    isAlive = true;
  });
  const ping = setInterval(() => {
    // While the socket is paused, a pong cannot be received.
    if (!isAlive && !socket.isPaused) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, PING_MS);
  return () => clearInterval(ping);
}

/**
 * Pings a client, and terminates the connection when no pong comes within 5 seconds. Resolves with
 * whether it is closed. A client that still has to read what was sent may respond later.
 */
export async function terminateIfDead(socket: WebSocket): Promise<boolean> {
  if (socket.readyState !== socket.OPEN || socket.isPaused || socket.bufferedAmount > 0) return false;
  const waiting = new AbortController();
  const { signal } = waiting;
  const settled = <Result>(event: 'pong' | 'close', result: Result) =>
    once(socket, event, { signal }).then(
      () => result,
      () => result, // no longer awaited
    );
  const closed = settled('close', 'closed' as const);
  try {
    socket.ping();
    const late = pause(PROBE_MS, 'late' as const, { signal }).catch(() => 'late' as const);
    const response = await Promise.race([settled('pong', 'pong' as const), closed, late]);
    if (response === 'late') socket.terminate();
    if (response !== 'pong') await closed;
    return response !== 'pong';
  } finally {
    waiting.abort();
  }
}
