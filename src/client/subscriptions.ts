import { OperationError } from 'attache-client/errors';
import { SubscriptionClient } from 'attache-client/subscriptions';
import { WebSocket } from 'ws';
import type { ClientContext } from './client-command.ts';
import type { Connection } from './connection.ts';
import { messageOf, UnreachableError } from './errors.ts';
import { connectionError, signInError, toClientError } from './http.ts';

/** How long connecting and closing may take. */
const CONNECT_MS = 20_000;
const CLOSE_MS = 1000;

/** The subscriptions of a command, until it disposes of them. */
export interface Subscriptions extends AsyncDisposable {
  client: SubscriptionClient;
}

/**
 * Opens a client that connects with its first subscription, and reports each attempt to reconnect.
 */
export function openSubscriptions({ connection, output }: Pick<ClientContext, 'connection' | 'output'>): Subscriptions {
  const { webSocketImpl, terminate } = terminable();
  const client = new SubscriptionClient({
    url: `${connection.url}/graphql`,
    token: connection.key,
    webSocketImpl,
    // It would read the log for a status that nobody sees.
    reportsCatchUp: false,
    onRetry: (reason, delayMs) =>
      output.note(
        `${messageOf(subscriptionError(connection, reason))} Trying again in ${Math.ceil(delayMs / 1000)} s.`,
      ),
  });
  return {
    client,
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      // The socket closes by itself, unless the server has stopped answering.
      setTimeout(terminate, CLOSE_MS).unref();
    },
  };
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

/** The error for a refusal, for the event that closed the socket, or for the one of its failure. */
export function subscriptionError({ url }: Connection, reason: unknown): unknown {
  if (reason instanceof OperationError) return toClientError(url, reason);
  if (reason instanceof Error) return reason;
  const { code, reason: text, error } = (reason ?? {}) as { code?: number | string; reason?: string; error?: Error };
  if (code === UNAUTHORIZED) return signInError(url);
  if (typeof code === 'number')
    return new UnreachableError(`The connection closed (${[code, text].filter(Boolean).join(', ')}).`);
  return connectionError(url, error ?? reason);
}

/** The server ends a subscription without a reason when it cannot continue it. */
export const subscriptionEnded = (): UnreachableError => new UnreachableError('The server ended the subscription.');
