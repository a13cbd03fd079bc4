import { randomUUID } from 'node:crypto';
import { createSourceEventStream, type ExecutionArgs, execute, GraphQLError } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { Log } from '../../context.ts';
import { RecentlyUsed } from '../../recently-used.ts';
import { refuseCostlySubscription } from '../../schema/cost.ts';
import { messageOf, toGraphQLError } from '../../schema/errors.ts';
import { refuseGuestOperation } from '../../schema/guests.ts';
import { schema } from '../../schema/index.ts';
import { type ShapeLimits, shapeLimits } from '../../schema/shape-limits.ts';
import { boundedParsing } from './bounded-parsing.ts';
import { boundResponses, type ErrorTranslator } from './bounded-response.ts';
import { eventStreams } from './event-stream.ts';
import { restrictGuests } from './guest-operations.ts';
import { httpSubscriptions } from './http-subscriptions.ts';
import { canReadSchema, limitIntrospection } from './introspection.ts';
import { recordOperations } from './operation-info.ts';
import type { AddedContext, GraphQLOptions, GraphQLServer, OperationContext } from './options.ts';
import { DOCUMENT_ID_PARAMS, refusePersistedQueries } from './persisted-query.ts';
import { parseRequests } from './request-parser.ts';
import { createResolverContext, forResolvers } from './resolver-context.ts';
import { retryAfter } from './retry-after.ts';
import { createSubscriptionExecution } from './subscription-execution.ts';
import { documentResolver, trustDocuments, unsupportedDocuments } from './trusted-documents.ts';

/** In characters: the queries that are kept parsed. Each character takes about 100 bytes. */
const QUERY_TEXT = 256 * 1024;

const UNSUPPORTED_DOCUMENTS = 'the schema does not support some of TRUSTED_DOCUMENTS; their clients get errors';

/** Creates the GraphQL server that both transports, HTTP and WebSocket, use. */
export function createGraphQL(options: GraphQLOptions): GraphQLServer {
  const { contextFor, epoch, introspection, isReady, limits, trustedDocuments } = options;
  const resolveDocument = trustedDocuments && documentResolver(trustedDocuments);
  const unsupported = trustedDocuments ? unsupportedDocuments(trustedDocuments, schema) : [];
  if (unsupported.length > 0)
    options.log.warn({ ids: unsupported.slice(0, 10), count: unsupported.length }, UNSUPPORTED_DOCUMENTS);
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
  const yoga = createYoga<OperationContext, AddedContext>({
    schema,
    graphqlEndpoint: '/graphql',
    context: (operation) => ({ resolverContext: createResolverContext(options, operation) }),
    maskedErrors: { maskError: translate },
    plugins: [
      referenceExecution,
      parseRequests(options),
      resolveDocument ? trustDocuments(resolveDocument) : {},
      refusePersistedQueries(),
      boundedParsing(limits.maxQueryTokens),
      recordOperations(options.requests, trustedDocuments !== undefined),
      boundedShapes(limits),
      restrictGuests(refuseGuestOperation),
      limitIntrospection(introspection),
      boundResponses(limits.maxAnswerSize, createTranslator, messageOf),
      httpSubscriptions({ subscriptionExecution, subscribe, toGraphQLError: translate }),
      eventStreams(),
      retryAfter,
    ],
    extraParamNames: DOCUMENT_ID_PARAMS,
    parserAndValidationCache: {
      documentCache: new RecentlyUsed(QUERY_TEXT),
      errorCache: new RecentlyUsed(QUERY_TEXT),
    },
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
  return {
    ...{ yoga, subscriptionExecution, toGraphQLError: translate, subscribe, resolveDocument },
    canReadSchema: (viewer) => canReadSchema(introspection, viewer),
  };
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

const subscribe: GraphQLServer['subscribe'] = async (operationArgs, subscription) => {
  const args = forResolvers(operationArgs);
  Object.assign(args.contextValue as object, { subscription });
  try {
    const refusal = refuseCostlySubscription(args);
    return refusal ? { errors: [refusal] } : await createSourceEventStream(args);
  } catch (error) {
    // Such as a variable of the wrong type.
    if (error instanceof GraphQLError) return { errors: [error] };
    throw error;
  }
};

/** Executes with the reference implementation, which is faster than the executor of Yoga. */
const referenceExecution: Plugin = {
  onExecute({ setExecuteFn }) {
    setExecuteFn(((args: ExecutionArgs) => execute(forResolvers(args))) as typeof execute);
  },
};

function boundedShapes(limits: ShapeLimits): Plugin {
  const rule = shapeLimits(limits);
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(rule);
    },
  };
}
