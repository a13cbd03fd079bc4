import type { WebSocket } from 'ws';

/** Messages of one socket that are handled at once, and how many a second after them. */
const BURST = 300;
const PER_SECOND = 100;
const TICK_MS = 50;
/** Messages that may wait. A chunk has room for more of them than any client has a use for. */
const MAX_WAITING = 500;
/** How long a client may take to hear why. */
const GOODBYE_MS = 1000;

/** https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 */
const POLICY_VIOLATION = 1008;

/**
 * Handles the messages of a socket in order, and not more of them than so many a second. Beyond it the socket is not
 * read until the rest was handled, so that TCP slows its sender down; what came in one chunk with them waits here, and
 * closes the socket if it is too much.
 */
export function limitMessageRate(socket: WebSocket, handle: (message: Buffer) => void): (message: Buffer) => void {
  const waiting: Buffer[] = [];
  let tokens = BURST;
  let refilled = performance.now();
  const hasToken = () => {
    const now = performance.now();
    tokens = Math.min(BURST, tokens + ((now - refilled) / 1000) * PER_SECOND);
    refilled = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
  const drain = () => {
    while (waiting.length > 0 && socket.readyState === socket.OPEN) {
      if (!hasToken()) return void setTimeout(drain, TICK_MS);
      handle(waiting.shift() as Buffer);
    }
    waiting.length = 0;
    socket.resume();
  };
  return (message) => {
    if (socket.readyState !== socket.OPEN) return;
    if (waiting.length === 0 && hasToken()) return handle(message);
    waiting.push(message);
    if (waiting.length > MAX_WAITING) {
      waiting.length = 0;
      socket.close(POLICY_VIOLATION, 'Too many messages');
      setTimeout(() => socket.terminate(), GOODBYE_MS).unref();
    }
    if (waiting.length !== 1) return;
    socket.pause();
    setTimeout(drain, TICK_MS);
  };
}
