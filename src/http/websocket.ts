import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type DocumentNode, type ExecutionArgs, GraphQLError } from 'graphql';
import { CloseCode, handleProtocols, makeServer } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import type { Viewer } from '../auth/permissions.ts';
import type { Log } from '../context.ts';
import { AttacheError } from '../errors.ts';
import { keyInConnectionParams, keyInHeader } from './credentials.ts';
import type { GraphQLServer } from './graphql.ts';
import { carry, type SocketExtra } from './websocket-transport.ts';

const MAX_MESSAGE_BYTES = 1024 * 1024;
const MAX_OPERATIONS_PER_SOCKET = 100;
/** "Service restart": clients connect again. https://www.iana.org/assignments/websocket/websocket.xml#close-code-number */
const SERVICE_RESTART = 1012;

export interface WebSocketOptions {
  graphql: GraphQLServer;
  /** Whose key it is; throws `Unauthenticated`. */
  authenticate(key: string | undefined): Promise<Viewer>;
  log: Log;
}

/**
 * GraphQL over WebSocket, as https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md says. The key comes in the
 * `Authorization` header of the upgrade, or as a member of the `connection_init` payload.
 */
export function serveWebSocket(server: Server, { graphql, authenticate, log }: WebSocketOptions): AsyncDisposable {
  /** Whose key the socket came with; without one that works, the socket is closed. */
  const viewerOf = async ({ key, socket }: SocketExtra): Promise<Viewer | undefined> => {
    try {
      return await authenticate(key as string | undefined);
    } catch (error) {
      if (!(error instanceof AttacheError)) throw error;
      socket.close(CloseCode.Unauthorized, error.code);
      return undefined;
    }
  };

  const protocol = makeServer<Record<string, unknown>, SocketExtra>({
    async onConnect({ connectionParams, extra }) {
      extra.key = keyInConnectionParams(connectionParams) ?? keyInHeader(extra.request.headers);
      return (await viewerOf(extra)) !== undefined;
    },
    async onSubscribe({ extra, subscriptions }, _id, params) {
      if (Object.keys(subscriptions).length > MAX_OPERATIONS_PER_SOCKET) {
        return [refusal(`One connection may run ${MAX_OPERATIONS_PER_SOCKET} operations at once.`, 'RATE_LIMITED')];
      }
      // Asked again each time: a socket may outlive its key.
      const viewer = await viewerOf(extra);
      if (!viewer) return [refusal('The API key no longer works.', 'UNAUTHENTICATED')];
      const { schema, parse, validate, contextFactory, execute, subscribe } = graphql.getEnveloped({ viewer, params });
      const document = parsed(parse, params.query);
      if (document instanceof GraphQLError) return [document];
      const invalid = validate(schema, document);
      if (invalid.length > 0) return invalid;
      return {
        schema,
        document,
        operationName: params.operationName,
        variableValues: params.variables,
        contextValue: await contextFactory(),
        rootValue: { execute, subscribe },
      };
    },
    // Enveloped, so that errors are told and masked here as they are over HTTP.
    execute: (args) => (args.rootValue as Enveloped).execute(args),
    subscribe: (args) => (args.rootValue as Enveloped).subscribe(args),
  });

  // Compression stays off: it costs five times the CPU and a quarter of a megabyte a connection.
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols,
  });
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', (error) => log.info({ reason: error.message }, 'a WebSocket connection broke'));
    const path = request.url?.split('?', 1)[0];
    if (path === '/graphql')
      sockets.handleUpgrade(request, socket, head, (client) => carry(protocol, client, request, log));
    else socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  };
  server.on('upgrade', upgrade);

  return {
    async [Symbol.asyncDispose]() {
      server.off('upgrade', upgrade);
      for (const client of sockets.clients) client.close(SERVICE_RESTART, 'The server is restarting; connect again.');
      await new Promise((resolve) => sockets.close(resolve));
    },
  };
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

interface Enveloped {
  execute(args: ExecutionArgs): ReturnType<typeof import('graphql').execute>;
  subscribe(args: ExecutionArgs): ReturnType<typeof import('graphql').subscribe>;
}
