import { OperationError } from 'attache-client/errors';
import { SubscriptionClient } from 'attache-client/subscriptions';
import { WebSocket } from 'ws';
import type { ClientContext } from '../client-command.ts';
import type { Connection } from '../connection.ts';
import { documents } from '../documents.ts';
import { messageOf, UnreachableError } from '../errors.ts';
import { connectionError, signInError, toClientError } from '../http.ts';
import type { RemoteFile } from '../remote-files.ts';

export interface FileAdded {
  cursor: string;
  type: string;
  onId: string;
  at: string;
  actor: { id: string; displayName: string };
  file: RemoteFile;
}

/** How long connecting and closing may take. */
const CONNECT_MS = 20_000;
const CLOSE_MS = 1000;

/**
 * Yields the events after a cursor, however often the connection is lost. Throws `ClientError` when
 * the server refuses the subscription or cannot send an event.
 */
export async function* fileAddedEvents(
  { connection, output, signal }: ClientContext,
  on: string,
  after: string,
): AsyncGenerator<FileAdded, void, undefined> {
  const { webSocketImpl, terminate } = terminable();
  const client = new SubscriptionClient({
    url: `${connection.url}/graphql`,
    token: connection.key,
    webSocketImpl,
    // It would read the log for a status that nobody sees.
    reportsCatchUp: false,
    onRetry: (reason, delayMs) =>
      output.note(`${messageOf(explain(connection, reason))} Trying again in ${Math.ceil(delayMs / 1000)} s.`),
  });
  try {
    const request = { query: documents.fileAdded, variables: { on, after } };
    for await (const { data, errors } of client.iterate<{ fileAdded: FileAdded }>(request, { signal })) {
      if (!data) throw new OperationError(errors ?? []);
      yield data.fileAdded;
    }
    signal.throwIfAborted();
    throw new UnreachableError('The server ended the subscription.');
  } catch (error) {
    throw explain(connection, error);
  } finally {
    await client[Symbol.asyncDispose]();
    // The socket closes by itself, unless the server has stopped answering.
    setTimeout(terminate, CLOSE_MS).unref();
  }
}

/** A class of sockets, and what closes the last one without waiting for the server. */
function terminable() {
  let socket: WebSocket | undefined;
  class LastSocket extends WebSocket {
    constructor(address: string, protocols: string) {
      super(address, protocols, { handshakeTimeout: CONNECT_MS });
      socket = this;
    }
  }
  return { webSocketImpl: LastSocket, terminate: () => socket?.terminate() };
}

const UNAUTHORIZED = 4401;

/** A refusal, the event that closed the socket, or the one of its failure. */
function explain({ url }: Connection, reason: unknown): unknown {
  if (reason instanceof OperationError) return toClientError(url, reason);
  if (reason instanceof Error) return reason;
  const { code, reason: text, error } = (reason ?? {}) as { code?: number | string; reason?: string; error?: Error };
  if (code === UNAUTHORIZED) return signInError(url);
  if (typeof code === 'number')
    return new UnreachableError(`The connection closed (${[code, text].filter(Boolean).join(', ')}).`);
  return connectionError(url, error ?? reason);
}
