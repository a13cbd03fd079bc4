import type { IncomingMessage } from 'node:http';
import type { ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql';
import type { YogaServerInstance } from 'graphql-yoga';
import type { Viewer } from '../../auth/permissions.ts';
import type { Log, RequestBudget } from '../../context.ts';
import type { GraphQLContext } from '../../schema/context.ts';
import type { Pace } from '../body/transfer-clock.ts';
import type { FormOptions } from '../multipart/form-options.ts';
import type { MultipartForm } from '../multipart/multipart-form.ts';
import type { RequestObserver } from '../requests/observer.ts';
import type { ErrorTranslator, LargeResponse } from './bounded-response.ts';
import type { SubscriptionExecution } from './subscription-execution.ts';

/** What an operation is run with, over HTTP and over WebSocket. */
export interface OperationContext {
  viewer: Viewer;
  /** The memory and database time that the operation may use. */
  budget: RequestBudget;
  /** Over HTTP: gets the chunks of a large response, which the handler writes. */
  largeResponse?: LargeResponse;
  /** The multipart form of the request, if it is one. */
  form?: MultipartForm | undefined;
  /** Over HTTP: the request. */
  req?: IncomingMessage;
}

export interface GraphQLOptions extends FormOptions {
  /** How slowly a client may send a JSON body. */
  jsonPace: Pace;
  /** Creates the context of resolvers: a new unit of work each time. */
  contextFor(viewer: Viewer, budget?: RequestBudget): Omit<GraphQLContext, 'receive'>;
  /** The identity of the event log, which is part of cursors. */
  epoch: string;
  /** Rejects when the database cannot be read. */
  isReady(): Promise<void>;
  /** After how many milliseconds an event stream that its client does not read is closed. */
  slowReaderMs: number;
  /** The most bytes of a query with its variables. */
  maxQuerySize: number;
  log: Log;
  /** Is told of every operation over HTTP. */
  requests: Required<RequestObserver>;
}

export interface GraphQLServer {
  yoga: YogaServerInstance<OperationContext, GraphQLContext>;
  /** Prepares the query of a subscription for execution per event, or returns an error. */
  subscriptionExecution(args: ExecutionArgs): SubscriptionExecution | GraphQLError;
  /** Opens the events of a subscription, or returns the errors that prevent it. */
  subscribe(args: ExecutionArgs): Promise<AsyncIterable<unknown> | ExecutionResult>;
  /** Translates an error for clients, and logs it when it is a fault of the server. */
  toGraphQLError: ErrorTranslator;
}
