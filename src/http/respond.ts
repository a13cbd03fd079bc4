import type { IncomingMessage, ServerResponse } from 'node:http';

export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  /** The whole body, or its chunks, which are consumed as the client reads. */
  body: string | Iterable<Buffer>;
}

/** How long a client may take to read one chunk of a large response, which holds memory. */
const CHUNK_MS = 30_000;
/** How long a client may take to read a large response in all. */
const CHUNKS_MS = 300_000;

/**
 * The most bytes of a refused body that are discarded, so that its sender can read the response.
 */
const LINGER_BYTES = 64 * 1024 * 1024;
/** The longest time of that, in all and without a byte. */
const LINGER_MS = 10_000;
const LINGER_IDLE_MS = 2_000;
/** The same for a rate-limited sender, and for all senders while many connections linger. */
const SHORT_LINGER_BYTES = 64 * 1024;
const MAX_LINGERING = 200;
const TOO_MANY_REQUESTS = 429;

let lingeringCount = 0;

/**
 * Sends a response, whether or not the request was read to its end.
 *
 * Closing a socket while its client still sends resets the connection, and the client loses the
 * response. An early response is therefore written at once with `Connection: close`, and the rest
 * of the request is read and discarded, within limits of bytes and time.
 */
export async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: HttpResponse,
): Promise<void> {
  if (response.destroyed) return;
  const isEarly = hasBody(request) && !request.complete;
  // A server that is stopping accepts no further request on this connection.
  const isLast = isEarly || !(request.socket as { server?: { listening: boolean } }).server?.listening;
  const length = typeof body === 'string' ? Buffer.byteLength(body) : undefined;
  response.writeHead(status, {
    ...headers,
    ...(length === undefined ? {} : { 'content-length': length }),
    ...(isLast ? { connection: 'close' } : {}),
  });
  if (typeof body === 'string') {
    // Text of one byte a character is ASCII, which needs no conversion.
    const encoding = length === body.length ? 'latin1' : 'utf8';
    // Ended together with its head, the text is one write to the socket.
    if (!isEarly) return void response.end(body, encoding);
    response.write(body, encoding);
  } else {
    await writeChunks(response, body);
  }
  if (isEarly) {
    const isShort = status === TOO_MANY_REQUESTS || lingeringCount >= MAX_LINGERING;
    lingeringCount += 1;
    await linger(request, isShort ? SHORT_LINGER_BYTES : LINGER_BYTES);
    lingeringCount -= 1;
  }
  response.end();
}

/**
 * A request without a body is complete only after the call with its headers.
 * https://www.rfc-editor.org/rfc/rfc9112#section-6
 */
const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

async function writeChunks(response: ServerResponse, chunks: Iterable<Buffer>): Promise<void> {
  const giveUp = () => response.destroy();
  const total = setTimeout(giveUp, CHUNKS_MS);
  const stalled = setTimeout(giveUp, CHUNK_MS);
  try {
    for (const chunk of chunks) {
      if (response.destroyed) return;
      stalled.refresh();
      if (!response.write(chunk)) await drained(response);
    }
  } finally {
    clearTimeout(total);
    clearTimeout(stalled);
  }
}

/** Resolves when the response can take more, or its connection is closed. */
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

/** Discards what a client still sends: at most `maxBytes`, and for at most `LINGER_MS`. */
function linger(request: IncomingMessage, maxBytes: number): Promise<void> {
  return new Promise((resolve) => {
    let remaining = maxBytes;
    const done = () => {
      clearTimeout(total);
      clearTimeout(idle);
      request.off('data', count).off('end', done).off('close', done).off('error', done);
      request.on('error', () => {}); // the client may still reset the connection
      resolve();
    };
    const count = (chunk: Buffer) => {
      remaining -= chunk.length;
      idle.refresh();
      if (remaining < 0) done();
    };
    const total = setTimeout(done, LINGER_MS);
    const idle = setTimeout(done, LINGER_IDLE_MS);
    request.on('data', count).once('end', done).once('close', done).once('error', done);
    request.resume();
    if (request.destroyed) done();
  });
}
