import type { IncomingMessage } from 'node:http';
import {
  type DocumentNode,
  type ExecutionArgs,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  getOperationAST,
} from 'graphql';
import { CloseCode, makeServer, type Server, type SubscribePayload } from 'graphql-ws';
import type { Viewer } from '../../auth/permissions.ts';
import type { RequestBudgets } from '../../budget/request-budget.ts';
import type { Client } from '../../context.ts';
import { keyInConnectionParams, keyInHeader } from '../credentials.ts';
import { withoutSuggestion } from '../graphql/introspection.ts';
import { operationInfo } from '../graphql/operation-info.ts';
import type { GraphQLServer } from '../graphql/options.ts';
import { isIdAlone, persistedQueryRefusal } from '../graphql/persisted-query.ts';
import type { RequestObserver } from '../requests/observer.ts';
import type { SocketAuthenticator } from './authenticator.ts';
import type { Connection } from './connection.ts';
import { observedBudget, reportRefused } from './observed-budget.ts';
import { type Operation, subscribe } from './subscribe.ts';

const MAX_OPERATIONS_PER_SOCKET = 100;
/** The most bytes of the message that starts a subscription: it stays in memory as long as that. */
const MAX_SUBSCRIBE_BYTES = 16 * 1024;
/** The most characters of the id of an operation: each of its messages repeats it. */
const MAX_ID_LENGTH = 255;

export interface ProtocolOptions {
  graphql: GraphQLServer;
  authenticator: SocketAuthenticator;
  /** Opens the budget of each operation. */
  budgets: RequestBudgets;
  /** From where the request came that was upgraded. */
  clientOf(request: IncomingMessage): Client;
  /** Observes every operation. */
  requests: Required<RequestObserver>;
}

/**
 * Creates the protocol server: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
 *
 * The API key is in the `Authorization` header of the upgrade, or in the `connection_init` payload.
 */
export function createProtocol(options: ProtocolOptions): Server<Connection> {
  const { graphql, authenticator, budgets, clientOf, requests } = options;
  const format = ({ canReadSchema }: Connection, error: GraphQLError) => {
    const translated = graphql.toGraphQLError(error);
    return withoutHttp(canReadSchema ? translated : withoutSuggestion(translated));
  };
  /** What the protocol library executes, or the errors of an operation that is refused. */
  const prepare = async (connection: Connection, running: number, id: string, sent: SubscribePayload) => {
    const { messageBytes, releaseMessage } = connection;
    const excess = refuseExcess(connection, running, id);
    if (excess) return [excess];
    // Looked up for each operation: a socket may outlive its key.
    const viewer = await authenticator.viewerOf(connection);
    if (!viewer) return [refusal('The API key no longer works.', 'UNAUTHENTICATED')];
    const excessRequest = authenticator.countOperation(connection, viewer);
    if (excessRequest) return [graphql.toGraphQLError(excessRequest)];
    connection.canReadSchema = graphql.canReadSchema(viewer);
    const params = resolveDocument(graphql, sent, viewer);
    if (params instanceof GraphQLError) return [params];
    const budget = budgets.open();
    budget.userId = viewer.userId;
    const operation = { viewer, params, budget, client: clientOf(connection.request) };
    const { schema, parse, validate, contextFactory, execute } = graphql.yoga.getEnveloped(operation);
    if (isIdAlone(params)) return [persistedQueryRefusal()];
    const document = tryParse(parse, params.query);
    if (document instanceof GraphQLError) return [graphql.toGraphQLError(document)];
    const unsupported = refuseSubscription(document, params, messageBytes);
    if (unsupported) return [unsupported];
    const invalid = validate(schema, document);
    if (invalid.length > 0) return invalid.map(graphql.toGraphQLError);
    const info = operationInfo(document, params.operationName);
    connection.budgets.push({ id, budget: observedBudget(budget, { requests, connection, viewer, info }) });
    return {
      schema,
      document,
      operationName: params.operationName,
      variableValues: params.variables,
      contextValue: await contextFactory(),
      rootValue: { execute, connection, id, releaseMessage } satisfies Operation,
    };
  };
  return makeServer<Record<string, unknown>, Connection>({
    async onConnect({ connectionParams, extra: connection }) {
      connection.key = keyInConnectionParams(connectionParams) ?? keyInHeader(connection.request.headers);
      const viewer = await authenticator.signIn(connection);
      return viewer !== undefined && (await authenticator.admit(viewer, connection));
    },
    async onSubscribe({ extra: connection, subscriptions }, id, sent) {
      const startedAt = performance.now();
      const prepared = await prepare(connection, Object.keys(subscriptions).length, id, sent);
      if (Array.isArray(prepared)) reportRefused(requests, connection, startedAt, prepared[0]);
      return prepared;
    },
    // Yoga's `execute` runs its plugins, so errors are masked as over HTTP.
    execute: (args) => (args.rootValue as Operation).execute(args),
    subscribe: (args: ExecutionArgs) => subscribe(graphql, args),
    onComplete({ extra: connection }, id) {
      const index = connection.budgets.findIndex((one) => one.id === id);
      if (index >= 0) connection.budgets.splice(index, 1)[0]?.budget[Symbol.dispose]();
    },
    // Gets every error, also those of the protocol library, which have no code.
    onError: ({ extra }, _id, _payload, errors) => errors.map((error) => format(extra, error)),
    onNext({ extra }, _id, _payload, _args, result) {
      const errors = result.errors?.map((error) => format(extra, error));
      return errors && ({ ...result, errors } as FormattedExecutionResult);
    },
  });
}

/**
 * Refuses an operation that is one too many, or whose id is too long. The latter closes the socket.
 */
function refuseExcess(connection: Connection, subscriptionCount: number, id: string): GraphQLError | undefined {
  if (id.length > MAX_ID_LENGTH) {
    connection.socket.close(CloseCode.BadRequest, 'The id of an operation is too long');
    return refusal(`The id of an operation may have ${MAX_ID_LENGTH} characters.`, 'BAD_USER_INPUT');
  }
  // Completed operations count until they have ended: the protocol library removes one at once that
  // was completed before it started. Its own count includes this operation.
  const running = Math.max(subscriptionCount - 1, connection.budgets.length);
  if (running < MAX_OPERATIONS_PER_SOCKET && connection.activeMessages <= 2 * MAX_OPERATIONS_PER_SOCKET)
    return undefined;
  const message = `One connection may run ${MAX_OPERATIONS_PER_SOCKET} operations at once.`;
  return refusal(message, 'RATE_LIMITED', { retryAfterSeconds: 1 });
}

/** The parameters with the query of a trusted document, or the error of one that is not. */
function resolveDocument(
  { resolveDocument: resolve, toGraphQLError }: GraphQLServer,
  params: SubscribePayload,
  viewer: Viewer,
): SubscribePayload | GraphQLError {
  try {
    return resolve ? resolve(params, viewer) : params;
  } catch (error) {
    return toGraphQLError(error);
  }
}

function refuseSubscription(
  document: DocumentNode,
  { operationName }: SubscribePayload,
  messageBytes: number,
): GraphQLError | undefined {
  const operation = getOperationAST(document, operationName);
  if (operation?.operation !== 'subscription') return undefined;
  if (messageBytes > MAX_SUBSCRIBE_BYTES)
    return refusal('The message that begins a subscription may have at most 16 KiB.', 'PAYLOAD_TOO_LARGE');
  // graphql-js fails on a subscription without a field, which these directives could make of it.
  // https://spec.graphql.org/September2025/#sec-Single-Root-Field
  const directives = operation.selectionSet.selections.flatMap((selection) => selection.directives ?? []);
  if (directives.some(({ name }) => name.value === 'skip' || name.value === 'include'))
    return refusal('The field of a subscription cannot be left out by @skip or @include.', 'BAD_USER_INPUT');
  return undefined;
}

const refusal = (message: string, code: string, more = {}) =>
  new GraphQLError(message, { extensions: { code, ...more } });

/** Removes the status and headers of HTTP from an error. */
function withoutHttp(error: GraphQLError): GraphQLFormattedError {
  const { extensions, ...formatted } = error.toJSON();
  const { http: _, ...others } = extensions ?? {};
  return { ...formatted, extensions: others };
}

/** Returns a syntax error: it ends the operation. An error that is thrown closes the socket. */
function tryParse(parse: (query: string) => DocumentNode, query: string): DocumentNode | GraphQLError {
  try {
    return parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}
