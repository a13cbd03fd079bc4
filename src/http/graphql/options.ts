import type { IncomingMessage } from 'node:http';
import type { ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql';
import type { YogaServerInstance } from 'graphql-yoga';
import type { Guest } from '../../auth/guest.ts';
import type { Viewer } from '../../auth/permissions.ts';
import type { TrustedDocuments } from '../../config/trusted-documents.ts';
import type { Introspection } from '../../config.ts';
import type { Client, Log, RequestBudget, RequestContext } from '../../context.ts';
import type { GraphQLContext } from '../../schema/context.ts';
import type { Pace } from '../body/transfer-clock.ts';
import type { FormOptions } from '../multipart/form-options.ts';
import type { MultipartForm } from '../multipart/multipart-form.ts';
import type { RequestObserver } from '../requests/observer.ts';
import type { ErrorTranslator, LargeResponse } from './bounded-response.ts';
import type { SubscriptionExecution } from './subscription-execution.ts';

/** What an operation is run with, over HTTP and over WebSocket. */
export interface OperationContext {
  /** `GUEST_VIEWER` for a guest. */
  viewer: Viewer;
  guest?: Guest | undefined;
  /** Who is charged for memory and time; of a guest, see `accountOf`. */
  userId: number;
  /** The memory and database time that the operation may use. */
  budget: RequestBudget;
  /** From where the operation came. */
  client: Client;
  /** Over HTTP: gets the chunks of a large response, which the handler writes. */
  largeResponse?: LargeResponse;
  /** The multipart form of the request, if it is one. */
  form?: MultipartForm | undefined;
  /** Over HTTP: the request. */
  req?: IncomingMessage;
  /** Over HTTP: see `RequestContext`. */
  holdResponse?: RequestContext['holdResponse'];
}

/** What is added to the operation in the context of Yoga and its plugins. */
export interface AddedContext {
  /**
   * The context of resolvers, and of the domain behind them. An object of its own: so many members
   * are merged into the context of Yoga that V8 keeps that as a hash table, where each access is
   * slow.
   */
  resolverContext: GraphQLContext;
}

export interface GraphQLOptions extends FormOptions {
  /** How slowly a client may send a JSON body. */
  jsonPace: Pace;
  /** Creates the context of resolvers: a new unit of work each time. */
  contextFor(viewer: Viewer, budget?: RequestBudget, client?: Client): Omit<GraphQLContext, 'receive'>;
  /** From where a request came. */
  clientOf(request: IncomingMessage): Client;
  /** The identity of the event log, which is part of cursors. */
  epoch: string;
  /** Rejects when the database cannot be read. */
  isReady(): Promise<void>;
  /** After how many milliseconds an event stream that its client does not read is closed. */
  slowReaderMs: number;
  /** The most bytes of a query with its variables. */
  maxQuerySize: number;
  /** Who may read the schema. */
  introspection: Introspection;
  /** The only documents that clients may run; undefined for all. */
  trustedDocuments?: TrustedDocuments | undefined;
  log: Log;
  /** Observes every operation over HTTP. */
  requests: Required<RequestObserver>;
}

/**
 * The parameters of a request, with the query that its id stands for. A query in full is accepted
 * if it is that of a trusted document, and from administrators. Throws `ForbiddenError`.
 * https://graphql.github.io/graphql-over-http/draft/#sec-Appendix-A-Persisted-Documents
 */
export type ResolveDocument = <Params extends object>(params: Params, viewer: Viewer | undefined) => Params;

export interface GraphQLServer {
  yoga: YogaServerInstance<OperationContext, AddedContext>;
  /** Prepares the query of a subscription for execution per event, or returns an error. */
  subscriptionExecution(args: ExecutionArgs): SubscriptionExecution | GraphQLError;
  /** Opens the events of a subscription, or returns the errors that prevent it. */
  subscribe(
    args: ExecutionArgs,
    subscription: GraphQLContext['subscription'],
  ): Promise<AsyncIterable<unknown> | ExecutionResult>;
  /**
   * Replaces the id of a trusted document by its query; undefined when all documents are allowed.
   */
  resolveDocument: ResolveDocument | undefined;
  /** Whether a viewer may read the schema, also by suggestions in error messages. */
  canReadSchema(viewer: Viewer): boolean;
  /** Translates an error for clients, and logs it when it is a fault of the server. */
  toGraphQLError: ErrorTranslator;
}
