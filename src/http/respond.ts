import type { IncomingMessage, ServerResponse } from 'node:http';

export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  /** Whole, or in pieces, each of which is made when the one before it was sent. */
  body: string | Iterable<Buffer>;
}

/** A client that takes no piece of a large answer for so long is given up: the answer holds memory. */
const PIECE_MS = 30_000;
/** How long a large answer may take as a whole. */
const PIECES_MS = 300_000;

/** How much of a refused body is read and thrown away, so that its sender gets to read why. */
const LINGER_BYTES = 64 * 1024 * 1024;
const LINGER_MS = 10_000;
const LINGER_IDLE_MS = 2_000;
/** The same of a sender that is to slow down, and of any while many others linger. */
const SHORT_LINGER_BYTES = 64 * 1024;
const MAX_LINGERING = 200;
const TOO_MANY_REQUESTS = 429;

let lingering = 0;

/**
 * Answers, whether or not the request was read to its end.
 *
 * Closing a socket while its client still sends resets the connection, and the client loses the answer. So an early
 * answer goes out whole at once and asks the client to stop, and the socket stays open for as long as the client goes
 * on sending, within bounds.
 */
export async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: HttpResponse,
): Promise<void> {
  if (response.destroyed) return;
  const early = !request.complete;
  // A server that stops wants no further request on this connection.
  const isLast = early || !(request.socket as { server?: { listening: boolean } }).server?.listening;
  response.writeHead(status, {
    ...headers,
    ...(typeof body === 'string' ? { 'content-length': Buffer.byteLength(body) } : {}),
    ...(isLast ? { connection: 'close' } : {}),
  });
  if (typeof body === 'string') response.write(body);
  else await writePieces(response, body);
  if (early) {
    const isShort = status === TOO_MANY_REQUESTS || lingering >= MAX_LINGERING;
    lingering += 1;
    await linger(request, isShort ? SHORT_LINGER_BYTES : LINGER_BYTES);
    lingering -= 1;
  }
  response.end();
}

async function writePieces(response: ServerResponse, pieces: Iterable<Buffer>): Promise<void> {
  const giveUp = () => response.destroy();
  const total = setTimeout(giveUp, PIECES_MS);
  const stalled = setTimeout(giveUp, PIECE_MS);
  try {
    for (const piece of pieces) {
      if (response.destroyed) return;
      stalled.refresh();
      if (!response.write(piece)) await drained(response);
    }
  } finally {
    clearTimeout(total);
    clearTimeout(stalled);
  }
}

/** Resolves when there is room again, or when the client is gone. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.once('drain', done).once('close', done);
    if (response.destroyed) done();
  });
}

function linger(request: IncomingMessage, bytes: number): Promise<void> {
  return new Promise((resolve) => {
    let left = bytes;
    const done = () => {
      clearTimeout(total);
      clearTimeout(idle);
      request.off('data', count).off('end', done).off('close', done).off('error', done);
      request.on('error', () => {}); // the client may still reset what nobody reads any more
      resolve();
    };
    const count = (chunk: Buffer) => {
      left -= chunk.length;
      idle.refresh();
      if (left < 0) done();
    };
    const total = setTimeout(done, LINGER_MS);
    const idle = setTimeout(done, LINGER_IDLE_MS);
    request.on('data', count).once('end', done).once('close', done).once('error', done);
    request.resume();
    if (request.destroyed) done();
  });
}
