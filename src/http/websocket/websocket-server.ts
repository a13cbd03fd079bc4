import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type DocumentNode,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  getOperationAST,
} from 'graphql';
import { CloseCode, handleProtocols, makeServer } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import type { Viewer } from '../../auth/permissions.ts';
import type { RequestBudgets } from '../../budget/request-budget.ts';
import type { Log } from '../../context.ts';
import { AttacheError, DatabaseUnavailableError, isTemporary, RateLimitedError } from '../../errors.ts';
import type { EventHub } from '../../events/hub.ts';
import type { Authentication } from '../authentication.ts';
import type { BodyBudget } from '../body/body-budget.ts';
import { keyInConnectionParams, keyInHeader } from '../credentials.ts';
import type { GraphQLServer } from '../graphql/graphql-server.ts';
import { isHashAlone, persistedQueryRefusal } from '../graphql/persisted-query.ts';
import { type Operation, subscribe } from './subscribe.ts';
import { runProtocol, type SocketExtra, TRY_AGAIN_LATER } from './transport.ts';
import { UnauthenticatedSockets } from './unauthenticated-sockets.ts';

const MAX_MESSAGE_BYTES = 1024 * 1024;
/** Parts of one message: each costs memory of its own, however small it is. */
const MAX_FRAGMENTS = 4096;
const MAX_OPERATIONS_PER_SOCKET = 100;
/** Bytes of the message that begins a subscription, which stay in memory for as long as that goes on. */
const MAX_SUBSCRIBE_BYTES = 16 * 1024;
/** How long a client may take to close a connection with us. */
const CLOSE_TIMEOUT_MS = 5000;
/** Of an operation, in characters: each of its messages repeats it. */
const MAX_ID_LENGTH = 255;
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
  events: Pick<EventHub, 'onAccessChange' | 'connect'>;
  /** What single operations may use. */
  budgets: RequestBudgets;
  /** The memory of messages. */
  bodies: BodyBudget;
  log: Log;
}

/**
 * GraphQL over WebSocket, as https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md says. The key comes in the
 * `Authorization` header of the upgrade, or as a member of the `connection_init` payload.
 */
export function serveWebSocket(
  server: Server,
  { graphql, authentication, events, budgets, bodies, log }: WebSocketOptions,
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
      if (error instanceof DatabaseUnavailableError) log.error({ err: error }, 'a key could not be looked up');
      // What may work in a moment is answered with a code that clients answer by connecting again.
      if (isTemporary(error)) socket.close(TRY_AGAIN_LATER, error.code);
      else socket.close(CloseCode.Unauthorized, error.code);
      return undefined;
    }
  };

  /** Gives the connection a place among those of its user, or closes it: its client comes back later. */
  const admit = async (viewer: Viewer, extra: SocketExtra): Promise<boolean> => {
    try {
      const lease = await events.connect(viewer);
      if (open.has(extra)) extra.lease = lease;
      else lease[Symbol.dispose]();
      extra.authenticated();
      return true;
    } catch (error) {
      if (!(error instanceof RateLimitedError)) throw error;
      extra.socket.close(TRY_AGAIN_LATER, 'Too many connections of this user');
      return false;
    }
  };

  const protocol = makeServer<Record<string, unknown>, SocketExtra>({
    async onConnect({ connectionParams, extra }) {
      extra.key = keyInConnectionParams(connectionParams) ?? keyInHeader(extra.request.headers);
      const viewer = await viewerOf(extra);
      return viewer !== undefined && (await admit(viewer, extra));
    },
    async onSubscribe({ extra, subscriptions }, id, params) {
      const { messageBytes, release } = extra;
      if (id.length > MAX_ID_LENGTH) {
        extra.socket.close(CloseCode.BadRequest, 'The id of an operation is too long');
        return [refusal(`The id of an operation may have ${MAX_ID_LENGTH} characters.`, 'BAD_USER_INPUT')];
      }
      // Those that the client has given up count until they are over; and the library loses sight of those that were
      // completed before they had begun.
      const running = Math.max(Object.keys(subscriptions).length - 1, extra.budgets.length);
      if (running >= MAX_OPERATIONS_PER_SOCKET || extra.handling > 2 * MAX_OPERATIONS_PER_SOCKET) {
        return [refusal(`One connection may run ${MAX_OPERATIONS_PER_SOCKET} operations at once.`, 'RATE_LIMITED')];
      }
      // Asked again each time: a socket may outlive its key.
      const viewer = await viewerOf(extra);
      if (!viewer) return [refusal('The API key no longer works.', 'UNAUTHENTICATED')];
      const budget = budgets.open();
      budget.userId = viewer.userId;
      const { schema, parse, validate, contextFactory, execute } = graphql.yoga.getEnveloped({
        viewer,
        params,
        budget,
      });
      if (isHashAlone(params)) return [persistedQueryRefusal()];
      const document = parsed(parse, params.query);
      if (document instanceof GraphQLError) return [graphql.toGraphQLError(document)];
      if (messageBytes > MAX_SUBSCRIBE_BYTES && isSubscription(document, params.operationName))
        return [refusal('The message that begins a subscription may have at most 16 KiB.', 'PAYLOAD_TOO_LARGE')];
      if (mayBeSkipped(document, params.operationName))
        return [refusal('The field of a subscription cannot be left out by @skip or @include.', 'BAD_USER_INPUT')];
      const invalid = validate(schema, document);
      if (invalid.length > 0) return invalid.map(graphql.toGraphQLError);
      extra.budgets.push({ id, budget });
      return {
        schema,
        document,
        operationName: params.operationName,
        variableValues: params.variables,
        contextValue: await contextFactory(),
        rootValue: { execute, extra, id, release } satisfies Operation,
      };
    },
    // Enveloped, so that errors are told and masked here as they are over HTTP.
    execute: (args) => (args.rootValue as Operation).execute(args),
    subscribe: (args) => subscribe(graphql, args),
    onComplete({ extra }, id) {
      const index = extra.budgets.findIndex((one) => one.id === id);
      if (index >= 0) extra.budgets.splice(index, 1)[0]?.budget[Symbol.dispose]();
    },
    // Every error passes here, also those that this library has of its own, which have no code.
    onError: (_context, _id, _payload, errors) => errors.map((error) => asOverSocket(graphql.toGraphQLError(error))),
    onNext(_context, _id, _payload, _args, result) {
      const errors = result.errors?.map((error) => asOverSocket(graphql.toGraphQLError(error)));
      return errors && ({ ...result, errors } as FormattedExecutionResult);
    },
  });

  // Compression stays off: it costs five times the CPU and a quarter of a megabyte a connection.
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_FRAGMENTS,
    ...{ closeTimeout: CLOSE_TIMEOUT_MS }, // not yet in its types
    handleProtocols,
  });
  const strangers = new UnauthenticatedSockets();
  let isStopping = false;
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', (error) => log.info({ reason: error.message }, 'a WebSocket connection broke'));
    const path = request.url?.split('?', 1)[0];
    if (isStopping) refuse(socket, '503 Service Unavailable');
    else if (path === '/graphql')
      sockets.handleUpgrade(request, socket, head, (client) => {
        // Each of its operations may wait for it to drain.
        socket.setMaxListeners(0);
        const authenticated = strangers.add(client, socket, head);
        const extra: SocketExtra = {
          ...{ socket: client, request, stops: new Map(), authenticated },
          ...{ handling: 0, messageBytes: 0, release() {}, budgets: [] },
        };
        open.add(extra);
        client.once('close', () => {
          open.delete(extra);
          extra.lease?.[Symbol.dispose]();
          // Those among them that the protocol's library lost sight of, because their ids were used again.
          for (const stop of extra.stops.values()) stop();
          for (const { budget } of extra.budgets) budget[Symbol.dispose]();
        });
        runProtocol(protocol, extra, { budget: bodies, log });
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

/** Without what is meant for HTTP alone: its status and headers. */
function asOverSocket(error: GraphQLError): GraphQLFormattedError {
  const { extensions, ...told } = error.toJSON();
  const { http: _, ...others } = extensions ?? {};
  return { ...told, extensions: others };
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

const isSubscription = (document: DocumentNode, name: string | null | undefined) =>
  getOperationAST(document, name)?.operation === 'subscription';

/** https://spec.graphql.org/September2025/#sec-Single-Root-Field; the library cannot bear a subscription without a field. */
function mayBeSkipped(document: DocumentNode, name: string | null | undefined): boolean {
  const operation = getOperationAST(document, name);
  if (operation?.operation !== 'subscription') return false;
  const directives = operation.selectionSet.selections.flatMap((selection) => selection.directives ?? []);
  return directives.some((directive) => directive.name.value === 'skip' || directive.name.value === 'include');
}
