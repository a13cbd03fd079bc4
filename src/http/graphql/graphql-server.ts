import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import type { Viewer } from '../../auth/permissions.ts';
import type { Log, RequestBudget } from '../../context.ts';
import { aliasLimit } from '../../schema/alias-limit.ts';
import type { GraphQLContext } from '../../schema/context.ts';
import { refuseCostlySubscription } from '../../schema/cost.ts';
import { messageOf, toGraphQLError } from '../../schema/errors.ts';
import { schema } from '../../schema/index.ts';
import type { Pace } from '../body/transfer-clock.ts';
import type { FormOptions } from '../multipart/form-options.ts';
import type { MultipartForm } from '../multipart/multipart-form.ts';
import { boundedParsing } from './bounded-parsing.ts';
import { boundResponses, type ErrorTranslator, type LargeResponse } from './bounded-response.ts';
import { eventStreams } from './event-stream.ts';
import { httpSubscriptions } from './http-subscriptions.ts';
import { refusePersistedQueries } from './persisted-query.ts';
import { QueryCache } from './query-cache.ts';
import { parseRequests } from './request-parser.ts';
import { createSubscriptionExecution, type SubscriptionExecution } from './subscription-execution.ts';

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

/** Creates the GraphQL server that both transports, HTTP and WebSocket, use. */
export function createGraphQL(options: GraphQLOptions): GraphQLServer {
  const { contextFor, epoch, isReady, limits } = options;
  const createTranslator = translatorFactory(options.log);
  const translate: ErrorTranslator = (error) => createTranslator()(error);
  const subscriptionExecution = (args: ExecutionArgs) => {
    try {
      const { maxAnswerSize } = limits;
      return createSubscriptionExecution(args, { contextFor, epoch, isReady, createTranslator, maxAnswerSize });
    } catch (error) {
      return translate(error);
    }
  };
  const yoga = createYoga<OperationContext, GraphQLContext>({
    schema,
    graphqlEndpoint: '/graphql',
    context: (operation) => createContext(options, operation),
    maskedErrors: { maskError: translate },
    plugins: [
      parseRequests(options),
      refusePersistedQueries(),
      boundedParsing(),
      boundedAliases(limits.maxQueryAliases),
      boundResponses(limits.maxAnswerSize, createTranslator, messageOf),
      httpSubscriptions({ subscriptionExecution, subscribe, toGraphQLError: translate }),
      eventStreams(),
    ],
    parserAndValidationCache: { documentCache: new QueryCache(), errorCache: new QueryCache() },
    // `parseRequests` reads bodies: forms at the pace of their consumers, JSON within its limits.
    multipart: false,
    maxRequestBodySize: false,
    // Fastify sends the CORS headers.
    cors: false,
    graphiql: false,
    landingPage: false,
    logging: false,
    batching: false,
  });
  return { yoga, subscriptionExecution, toGraphQLError: translate, subscribe };
}

/**
 * Creates a translator per response: errors with one cause are logged once, under one request id.
 */
function translatorFactory(log: Log): () => ErrorTranslator {
  return () => {
    const reported = new Map<unknown, string>();
    const report = (err: unknown) => {
      const cause = err instanceof Error ? `${err.name}: ${err.message}` : err;
      const known = reported.get(cause);
      if (known) return known;
      const requestId = randomUUID();
      log.error({ err, requestId }, 'an operation failed');
      reported.set(cause, requestId);
      return requestId;
    };
    return (error) => toGraphQLError(error, report);
  };
}

async function subscribe(args: ExecutionArgs): Promise<AsyncIterable<unknown> | ExecutionResult> {
  try {
    const refusal = refuseCostlySubscription(args);
    return refusal ? { errors: [refusal] } : await createSourceEventStream(args);
  } catch (error) {
    // Such as a variable of the wrong type.
    if (error instanceof GraphQLError) return { errors: [error] };
    throw error;
  }
}

function createContext({ contextFor }: GraphQLOptions, operation: OperationContext): GraphQLContext {
  const { viewer, budget, form, req } = operation;
  return {
    ...contextFor(viewer, budget),
    lastEventId: req?.headers['last-event-id']?.toString() || undefined,
    receive(upload, allowance) {
      if (!form)
        throw new GraphQLError('Files are sent in a multipart request.', { extensions: { code: 'BAD_USER_INPUT' } });
      return form.receive(upload, allowance);
    },
  };
}

function boundedAliases(limit: number): Plugin {
  const rule = aliasLimit(limit);
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(rule);
    },
  };
}
