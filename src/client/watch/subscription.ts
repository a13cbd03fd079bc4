import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Connection } from '../connection.ts';
import { documents } from '../documents.ts';
import { type ClientError, TransientError } from '../errors.ts';
import { type GraphQLErrorData, toClientError } from '../graphql.ts';
import { connectionError, signInError } from '../http.ts';
import type { RemoteFile } from '../remote-files.ts';

export interface FileAdded {
  cursor: string;
  type: string;
  onId: string;
  at: string;
  actor: { id: string; displayName: string };
  file: RemoteFile;
}

/** Events that may wait for their command. With more, the subscription ends, and resumes later. */
const MAX_WAITING = 1000;
/** How often the connection is checked, and how long an answer may take. */
const PING_MS = 20_000;
const PONG_MS = 10_000;
/** How long connecting, its acknowledgement, and closing may take. */
const CONNECT_MS = 20_000;
const CLOSE_MS = 1_000;

/**
 * Yields the events after a cursor, over one connection. Throws `TransientError` when it breaks,
 * after which the caller resumes with the cursor of the last event; returns when too many events
 * wait, for the same purpose.
 */
export async function* fileAddedEvents(
  connection: Connection,
  on: string,
  after: string,
  signal: AbortSignal,
): AsyncGenerator<FileAdded, void, undefined> {
  const waiting: FileAdded[] = [];
  let ended: { error?: Error } | undefined;
  let wake = () => {};
  const end = (result: { error?: Error }) => {
    ended ??= result;
    wake();
  };
  const { client, terminate } = connect(connection);
  const unsubscribe = client.subscribe<{ fileAdded: FileAdded }>(
    { query: documents.fileAdded, variables: { on, after } },
    {
      next({ data, errors }) {
        if (ended) return;
        const [error] = errors ?? [];
        if (error || !data) return end({ error: errorOf(connection, error as GraphQLErrorData | undefined) });
        waiting.push(data.fileAdded);
        if (waiting.length >= MAX_WAITING) end({});
        wake();
      },
      error: (error) => end({ error: explain(connection, error) }),
      complete: () => end({ error: new TransientError('The server ended the subscription.') }),
    },
  );
  const stop = () => end({ error: signal.reason });
  signal.addEventListener('abort', stop, { once: true });
  try {
    for (;;) {
      signal.throwIfAborted();
      const event = waiting.shift();
      if (event) yield event;
      else if (ended?.error) throw ended.error;
      else if (ended) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    signal.removeEventListener('abort', stop);
    unsubscribe();
    // The socket closes by itself, unless the server has stopped answering.
    setTimeout(terminate, CLOSE_MS).unref();
  }
}

/** A client of one connection, and what closes its socket without waiting for the server. */
function connect({ url, key }: Connection): { client: Client; terminate(): void } {
  let socket: WebSocket | undefined;
  let timeout: NodeJS.Timeout | undefined;
  const terminate = () => socket?.terminate();
  const client = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: class extends WebSocket {
      constructor(address: string, protocols: string) {
        super(address, protocols, { handshakeTimeout: CONNECT_MS });
        socket = this;
      }
    },
    connectionAckWaitTimeout: CONNECT_MS,
    connectionParams: { Authorization: `Bearer ${key}` },
    // The caller reconnects, with the cursor of the last event that it has processed.
    retryAttempts: 0,
    keepAlive: PING_MS,
    on: {
      // A connection to a machine that is gone does not break by itself.
      ping: (isReceived) => {
        if (!isReceived) timeout = setTimeout(terminate, PONG_MS);
      },
      pong: (isReceived) => {
        if (isReceived) clearTimeout(timeout);
      },
      closed: () => clearTimeout(timeout),
    },
  });
  return { client, terminate };
}

const UNAUTHORIZED = 4401;

/** graphql-ws reports the errors of a refused operation, the close event, or that of the socket. */
function explain(connection: Connection, error: unknown): Error {
  if (Array.isArray(error)) return errorOf(connection, error[0]);
  const { code, reason, error: cause } = error as { code?: number | string; reason?: string; error?: Error };
  if (code === UNAUTHORIZED) return signInError(connection.url);
  if (typeof code === 'number')
    return new TransientError(`The connection closed (${[code, reason].filter(Boolean).join(', ')}).`);
  return connectionError(connection.url, cause ?? error);
}

function errorOf(connection: Connection, error: GraphQLErrorData | undefined): ClientError {
  return error ? toClientError(connection, error) : new TransientError('The server sent no event.');
}
