import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

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
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Answer,
): Promise<void> {
  if (response.destroyed) return;
  const early = !request.complete;
  // A server that stops wants no further request on this connection.
  const isLast = early || !(request.socket as { server?: { listening: boolean } }).server?.listening;
  response.writeHead(status, {
    ...headers,
    'content-length': Buffer.byteLength(body),
    ...(isLast ? { connection: 'close' } : {}),
  });
  response.write(body);
  if (early) {
    const isShort = status === TOO_MANY_REQUESTS || lingering >= MAX_LINGERING;
    lingering += 1;
    await linger(request, isShort ? SHORT_LINGER_BYTES : LINGER_BYTES);
    lingering -= 1;
  }
  response.end();
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
