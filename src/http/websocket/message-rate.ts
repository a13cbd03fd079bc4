import type { WebSocket } from 'ws';
import { closeForcibly, POLICY_VIOLATION } from './close.ts';

/** Messages of one socket that are handled at once, and further ones per second. */
const BURST = 300;
const PER_SECOND = 100;
const TICK_MS = 50;
/** The most queued messages: no real client sends as many in one chunk. */
const MAX_QUEUED = 500;

/**
 * Limits the rate at which the messages of a socket are handled, in their order. Over the rate, the
 * socket is paused, so that TCP slows the sender down. Messages that arrived in the same chunk are
 * queued; too many of them close the socket.
 */
export function limitMessageRate(socket: WebSocket, handle: (message: Buffer) => void): (message: Buffer) => void {
  const queue: Buffer[] = [];
  let tokens = BURST;
  let refilledAt = performance.now();
  const takeToken = (): boolean => {
    const now = performance.now();
    tokens = Math.min(BURST, tokens + ((now - refilledAt) / 1000) * PER_SECOND);
    refilledAt = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
  const handleQueue = () => {
    while (queue.length > 0 && socket.readyState === socket.OPEN) {
      if (!takeToken()) return void setTimeout(handleQueue, TICK_MS);
      handle(queue.shift() as Buffer);
    }
    queue.length = 0;
    socket.resume();
  };
  return (message) => {
    if (socket.readyState !== socket.OPEN) return;
    if (queue.length === 0 && takeToken()) return handle(message);
    queue.push(message);
    if (queue.length > MAX_QUEUED) {
      queue.length = 0;
      closeForcibly(socket, POLICY_VIOLATION, 'Too many messages');
    }
    if (queue.length !== 1) return;
    socket.pause();
    setTimeout(handleQueue, TICK_MS);
  };
}
