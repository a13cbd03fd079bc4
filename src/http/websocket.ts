import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { createSourceEventStream, type DocumentNode, type ExecutionArgs, GraphQLError, getOperationAST } from 'graphql';
import { CloseCode, handleProtocols, makeServer } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import type { Viewer } from '../auth/permissions.ts';
import type { Log } from '../context.ts';
import { AttacheError, Busy } from '../errors.ts';
import type { EventHub } from '../events/hub.ts';
import { Subscription } from '../events/subscription.ts';
import type { Authentication } from './authentication.ts';
import { keyInConnectionParams, keyInHeader } from './credentials.ts';
import type { GraphQLServer } from './graphql.ts';
import { SocketReceiver } from './socket-receiver.ts';
import { carry, type SocketExtra, TRY_AGAIN_LATER } from './websocket-transport.ts';

const MAX_MESSAGE_BYTES = 1024 * 1024;
const MAX_OPERATIONS_PER_SOCKET = 100;
/** "Service restart": clients connect again. https://www.iana.org/assignments/websocket/websocket.xml#close-code-number */
const SERVICE_RESTART = 1012;
/** Sockets that are closed together when the server stops, and how long it waits before the next. */
const SLICE = 200;
const SLICE_MS = 50;
/** How long a client may take to say goodbye. */
const PATIENCE_MS = 5000;

export interface WebSocketOptions {
  graphql: GraphQLServer;
  authentication: Pick<Authentication, 'authenticate'>;
  /** Tells when a key may have ended. */
  events: Pick<EventHub, 'onAccessChange'>;
  log: Log;
}

/**
 * GraphQL over WebSocket, as https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md says. The key comes in the
 * `Authorization` header of the upgrade, or as a member of the `connection_init` payload.
 */
export function serveWebSocket(
  server: Server,
  { graphql, authentication, events, log }: WebSocketOptions,
): AsyncDisposable {
  const open = new Set<SocketExtra>();
  /** Whose key the socket came with; without one that works, the socket is closed. */
  const viewerOf = async (extra: SocketExtra): Promise<Viewer | undefined> => {
    const { key, socket } = extra;
    try {
      const viewer = await authentication.authenticate(extra.request, key as string | undefined);
      extra.userId = viewer.userId;
      return viewer;
    } catch (error) {
      if (!(error instanceof AttacheError)) throw error;
      // What may work in a moment is answered with a code that clients answer by connecting again.
      if (error instanceof Busy) socket.close(TRY_AGAIN_LATER, error.code);
      else socket.close(CloseCode.Unauthorized, error.code);
      return undefined;
    }
  };

  const protocol = makeServer<Record<string, unknown>, SocketExtra>({
    async onConnect({ connectionParams, extra }) {
      extra.key = keyInConnectionParams(connectionParams) ?? keyInHeader(extra.request.headers);
      return (await viewerOf(extra)) !== undefined;
    },
    async onSubscribe({ extra, subscriptions }, id, params) {
      if (Object.keys(subscriptions).length > MAX_OPERATIONS_PER_SOCKET) {
        return [refusal(`One connection may run ${MAX_OPERATIONS_PER_SOCKET} operations at once.`, 'RATE_LIMITED')];
      }
      // Asked again each time: a socket may outlive its key.
      const viewer = await viewerOf(extra);
      if (!viewer) return [refusal('The API key no longer works.', 'UNAUTHENTICATED')];
      const { schema, parse, validate, contextFactory, execute } = graphql.yoga.getEnveloped({ viewer, params });
      const document = parsed(parse, params.query);
      if (document instanceof GraphQLError) return [document];
      if (mayBeSkipped(document, params.operationName))
        return [refusal('The field of a subscription cannot be left out by @skip or @include.', 'BAD_USER_INPUT')];
      const invalid = validate(schema, document);
      if (invalid.length > 0) return invalid;
      return {
        schema,
        document,
        operationName: params.operationName,
        variableValues: params.variables,
        contextValue: await contextFactory(),
        rootValue: { execute, extra, id } satisfies Operation,
      };
    },
    // Enveloped, so that errors are told and masked here as they are over HTTP.
    execute: (args) => (args.rootValue as Operation).execute(args),
    subscribe: (args) => subscribe(graphql, args),
  });

  // Compression stays off: it costs five times the CPU and a quarter of a megabyte a connection.
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols,
  });
  let isStopping = false;
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', (error) => log.info({ reason: error.message }, 'a WebSocket connection broke'));
    const path = request.url?.split('?', 1)[0];
    if (isStopping) refuse(socket, '503 Service Unavailable');
    else if (path === '/graphql')
      sockets.handleUpgrade(request, socket, head, (client) => {
        // Each of its operations may wait for it to drain.
        socket.setMaxListeners(0);
        const extra: SocketExtra = { socket: client, request, stops: new Map() };
        open.add(extra);
        client.once('close', () => {
          open.delete(extra);
          // Those among them that the protocol's library lost sight of, because their ids were used again.
          for (const stop of extra.stops.values()) stop();
        });
        carry(protocol, extra, log);
      });
    else refuse(socket, '404 Not Found');
  });

  // A key that was revoked ends its sockets, whatever they do at the moment.
  const watch = events.onAccessChange((change) => {
    if (!('userId' in change)) return;
    for (const extra of open) {
      if (extra.userId === change.userId)
        viewerOf(extra).catch((err) => log.error({ err }, 'a key could not be looked up'));
    }
  });

  return {
    async [Symbol.asyncDispose]() {
      isStopping = true;
      watch[Symbol.dispose]();
      // A slice at a time: those who come back at once find another node, and not all of them together.
      for (const [index, { socket }] of [...open].entries()) {
        socket.close(SERVICE_RESTART, 'The server is restarting; connect again.');
        if (index % SLICE === SLICE - 1) await pause(SLICE_MS);
      }
      const patience = setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
      }, PATIENCE_MS);
      await new Promise((resolve) => sockets.close(resolve));
      clearTimeout(patience);
    },
  };
}

/** Says no to an upgrade. Nobody else ends the connection. */
function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, () => socket.destroy());
}

const refusal = (message: string, code: string) => new GraphQLError(message, { extensions: { code } });

/** A query that cannot be parsed is its sender's fault, and ends the operation rather than the socket. */
function parsed(parse: (query: string) => DocumentNode, query: string): DocumentNode | GraphQLError {
  try {
    return parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

/** https://spec.graphql.org/September2025/#sec-Single-Root-Field; the library cannot bear a subscription without a field. */
function mayBeSkipped(document: DocumentNode, name: string | null | undefined): boolean {
  const operation = getOperationAST(document, name);
  if (operation?.operation !== 'subscription') return false;
  const directives = operation.selectionSet.selections.flatMap((selection) => selection.directives ?? []);
  return directives.some((directive) => directive.name.value === 'skip' || directive.name.value === 'include');
}

/** What the protocol's library carries from the message that began an operation to where it is run. */
interface Operation {
  execute(args: ExecutionArgs): ReturnType<typeof import('graphql').execute>;
  extra: SocketExtra;
  id: string;
}

/** Subscribes. Events go to the socket directly, so that those who ask for the same share the work. */
async function subscribe(graphql: GraphQLServer, args: ExecutionArgs) {
  const { extra, id } = args.rootValue as Operation;
  const events = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in events)) {
    if (events.errors?.some(isFault)) extra.socket.close(TRY_AGAIN_LATER, 'Try again');
    return { errors: events.errors?.map(graphql.tell) ?? [] };
  }
  if (!(events instanceof Subscription)) throw new Error('A subscription has to be one of events.');
  const { words, render } = graphql.live(args);
  const { socket, request, stops } = extra;
  stops.get(id)?.();
  const stop = () => {
    if (stops.get(id) === stop) stops.delete(id);
    events.end();
  };
  stops.set(id, stop);
  const receiver = new SocketReceiver({
    ...{ socket, raw: request.socket, id },
    stop,
    tell: graphql.tell,
  });
  // The protocol's library has to know of it before it can end.
  setImmediate(() => events.start(words, render, receiver));
  return receiver;
}

/** Whether it is no word on what was asked for, but a fault of ours. */
function isFault({ originalError }: GraphQLError): boolean {
  if (originalError instanceof GraphQLError) return isFault(originalError);
  return originalError !== undefined && !(originalError instanceof AttacheError);
}
