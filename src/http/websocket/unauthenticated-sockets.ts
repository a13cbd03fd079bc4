import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { closeForcibly, MESSAGE_TOO_BIG } from './close.ts';

/** The most unauthenticated connections of all clients. */
const MAX_SOCKETS = 1000;
/** The most bytes of each: a `connection_init` with a key fits. */
const MAX_BYTES = 16 * 1024;

/**
 * Bounds what unauthenticated connections cost: their number, of which the oldest is closed, and
 * the bytes of each. The protocol library bounds the time until they authenticate.
 */
export class UnauthenticatedSockets {
  /** The oldest first. */
  readonly #sockets = new Set<WebSocket>();

  /**
   * Adds a connection. `head` is what came with the upgrade. Returns the function that removes the
   * connection once it is authenticated.
   */
  add(socket: WebSocket, raw: Duplex, head: Buffer): () => void {
    const [oldest] = this.#sockets;
    if (oldest && this.#sockets.size >= MAX_SOCKETS) {
      this.#sockets.delete(oldest);
      oldest.terminate();
    }
    this.#sockets.add(socket);
    // Counted on the raw socket: the limit of `ws` is per message, and the same for all sockets.
    let bytes = head.length;
    const count = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAX_BYTES) return;
      closeForcibly(socket, MESSAGE_TOO_BIG, 'Authenticate first');
      raw.pause();
    };
    const remove = () => {
      this.#sockets.delete(socket);
      raw.off('data', count);
    };
    raw.prependListener('data', count);
    socket.once('close', remove);
    return remove;
  }
}
