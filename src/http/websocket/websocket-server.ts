import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { handleProtocols } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { BodyBudget } from '../body/body-budget.ts';
import { countBytes, recordOf } from '../requests/observe-requests.ts';
import type { RequestObserver } from '../requests/observer.ts';
import { type AuthenticatorOptions, SocketAuthenticator } from './authenticator.ts';
import { SERVICE_RESTART } from './close.ts';
import type { Connection } from './connection.ts';
import { createProtocol, type ProtocolOptions } from './protocol.ts';
import { runProtocol } from './transport.ts';
import { UnauthenticatedSockets } from './unauthenticated-sockets.ts';

const MAX_MESSAGE_BYTES = 1024 * 1024;
/** The most fragments of one message: each takes memory of its own, however small it is. */
const MAX_FRAGMENTS = 4096;
/** How long a client may take to respond to a close frame. */
const CLOSE_TIMEOUT_MS = 5000;
/** Sockets that are closed at once at shutdown, before a pause. */
const CLOSE_BATCH = 200;
const CLOSE_PAUSE_MS = 50;
/** At shutdown, how long all clients may take to close their connections. */
const SHUTDOWN_MS = 5000;

export interface WebSocketOptions
  extends Omit<AuthenticatorOptions, 'connections'>,
    Pick<ProtocolOptions, 'graphql' | 'budgets' | 'clientOf'> {
  /** Where the memory of messages is reserved. */
  bodies: BodyBudget;
  /** Observes every connection and operation. */
  requests: Required<RequestObserver>;
}

/** Serves GraphQL over WebSocket at `/graphql`. Disposal closes the connections, with 1012. */
export function serveWebSocket(server: Server, options: WebSocketOptions): AsyncDisposable {
  const { graphql, budgets, clientOf, bodies, log, requests } = options;
  const connections = new Set<Connection>();
  const authenticator = new SocketAuthenticator({ ...options, connections });
  const protocol = createProtocol({ graphql, authenticator, budgets, clientOf, requests });
  const unauthenticated = new UnauthenticatedSockets();
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    // Compression would take five times the CPU, and 256 KiB of memory per connection.
    perMessageDeflate: false,
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_FRAGMENTS,
    ...{ closeTimeout: CLOSE_TIMEOUT_MS }, // missing in the types of ws
    handleProtocols,
  });

  const accept = (socket: WebSocket, request: IncomingMessage, raw: Duplex, head: Buffer) => {
    raw.setMaxListeners(0); // every subscription may wait for `drain`
    const connection = createConnection(socket, request, unauthenticated.add(socket, raw, head));
    connections.add(connection);
    const record = recordOf(request);
    if (record) requests.connectionOpened(record);
    socket.once('close', (code) => {
      connections.delete(connection);
      endConnection(connection);
      reportClosed(requests, request, code);
    });
    runProtocol(protocol, connection, { budget: bodies, log });
  };

  let isStopping = false;
  server.on('upgrade', (request: IncomingMessage, raw: Duplex, head: Buffer) => {
    raw.on('error', (error) => log.info({ reason: error.message }, 'a WebSocket connection failed'));
    if (isStopping) refuseUpgrade(raw, '503 Service Unavailable');
    else if (request.url?.split('?', 1)[0] !== '/graphql') refuseUpgrade(raw, '404 Not Found');
    else sockets.handleUpgrade(request, raw, head, (socket) => accept(socket, request, raw, head));
  });
  const keyWatch = authenticator.watchKeys();
  const limitWatch = authenticator.watchLimits();

  return {
    async [Symbol.asyncDispose]() {
      isStopping = true;
      keyWatch[Symbol.dispose]();
      limitWatch[Symbol.dispose]();
      await closeAll(connections);
      const timeout = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
      }, SHUTDOWN_MS);
      await new Promise((resolve) => sockets.close(resolve));
      clearTimeout(timeout);
    },
  };
}

const createConnection = (socket: WebSocket, request: IncomingMessage, markAuthenticated: () => void): Connection => ({
  socket,
  request,
  markAuthenticated,
  activeMessages: 0,
  messageBytes: 0,
  releaseMessage() {},
  stops: new Map(),
  budgets: [],
});

function reportClosed(requests: Required<RequestObserver>, request: IncomingMessage, code: number): void {
  const record = recordOf(request);
  if (!record) return;
  const { read: bytesIn, written: bytesOut } = countBytes(request.socket);
  requests.connectionClosed({ ...record, code, durationMs: performance.now() - record.startedAt, bytesIn, bytesOut });
}

/** Ends the operations of a closed connection. The library forgets those with reused ids. */
function endConnection({ lease, expiry, stops, budgets }: Connection): void {
  expiry?.[Symbol.dispose]();
  lease?.[Symbol.dispose]();
  for (const stop of stops.values()) stop();
  for (const { budget } of budgets) budget[Symbol.dispose]();
}

/** Closes connections in batches, so that not all clients reconnect to another node at once. */
async function closeAll(connections: Iterable<Connection>): Promise<void> {
  for (const [index, { socket }] of [...connections].entries()) {
    socket.close(SERVICE_RESTART, 'The server is restarting; connect again.');
    if (index % CLOSE_BATCH === CLOSE_BATCH - 1) await pause(CLOSE_PAUSE_MS);
  }
}

function refuseUpgrade(socket: Duplex, status: string): void {
  const response = `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`;
  socket.end(response, () => socket.destroy());
}
