import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

/** Connections that have not said yet whose they are, in all. */
const MAX_SOCKETS = 1000;
/** Bytes that such a connection may send: one `connection_init` with a key. */
const MAX_BYTES = 16 * 1024;
const GOODBYE_MS = 1000;

/** https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 */
const MESSAGE_TOO_BIG = 1009;

/**
 * Bounds what strangers cost: the number of their connections, of which the oldest gives way, and what each may send.
 * How long they may stay is bounded by the protocol's library.
 */
export class UnauthenticatedSockets {
  /** The oldest first. */
  readonly #sockets = new Set<WebSocket>();

  /** `head` is what came with the upgrade. Answers what to call when it is known whose the connection is. */
  add(socket: WebSocket, raw: Duplex, head: Buffer): () => void {
    const [oldest] = this.#sockets;
    if (oldest && this.#sockets.size >= MAX_SOCKETS) {
      this.#sockets.delete(oldest);
      oldest.terminate();
    }
    this.#sockets.add(socket);
    // Counted on the connection itself: the limit of the WebSocket is one of whole messages, and the same for all.
    let bytes = head.length;
    const count = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) refuse(socket, raw);
    };
    const done = () => {
      this.#sockets.delete(socket);
      raw.off('data', count);
    };
    raw.prependListener('data', count);
    socket.once('close', done);
    return done;
  }
}

/** Closes a connection that goes on to send: nothing more of it is read. */
function refuse(socket: WebSocket, raw: Duplex): void {
  socket.close(MESSAGE_TOO_BIG, 'Authenticate first');
  raw.pause();
  setTimeout(() => socket.terminate(), GOODBYE_MS).unref();
}
