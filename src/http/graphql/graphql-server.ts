import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import type { Viewer } from '../../auth/permissions.ts';
import type { Log, RequestBudget } from '../../context.ts';
import { BadUserInputError, isTemporary } from '../../errors.ts';
import { FrameStream } from '../../events/frame-stream.ts';
import { Subscription } from '../../events/subscription.ts';
import { aliasLimit } from '../../schema/alias-limit.ts';
import type { GraphQLContext } from '../../schema/context.ts';
import { refuseCostlySubscription } from '../../schema/cost.ts';
import { messageOf, toGraphQLError } from '../../schema/errors.ts';
import { schema } from '../../schema/index.ts';
import { GRAPHQL_JSON, type JsonBodyOptions, readJson } from '../body/json-body.ts';
import { toErrorResponse } from '../errors.ts';
import { MultipartForm, type MultipartFormOptions } from '../multipart/multipart-form.ts';
import { respond } from '../respond.ts';
import { boundedParsing } from './bounded-parsing.ts';
import { boundResponses, type ResponseChunks, type Translate } from './bounded-response.ts';
import { eventStreams, ResultStream, sendEventStream } from './event-stream.ts';
import { acceptsEventStream, graphQLTypeFor } from './media-type.ts';
import { refusePersistedQueries } from './persisted-query.ts';
import { QueryCache } from './query-cache.ts';
import { createSubscriptionExecution, type SubscriptionExecution } from './subscription-execution.ts';
import { paramsInUrl } from './url-params.ts';

/** What an operation comes with, whichever transport it came over. */
export interface OperationContext {
  viewer: Viewer;
  /** What it may use. */
  budget: RequestBudget;
  /** Where a large answer is left for the one who writes it. */
  answer?: ResponseChunks;
  /** The multipart request it came in, if it did. */
  form?: MultipartForm | undefined;
  /** What Yoga reads bodies from. */
  req?: IncomingMessage;
}

export interface GraphQLOptions extends MultipartFormOptions {
  /** Builds what rules and resolvers are given; a new unit of work each time. */
  contextFor(viewer: Viewer, budget?: RequestBudget): Omit<GraphQLContext, 'receive'>;
  /** Which event log it is. */
  epoch: string;
  /** Rejects when the database cannot be read. */
  isReady(): Promise<void>;
  /** How long a stream of events may not be read. */
  slowReaderMs: number;
  /** Bytes of a query with its variables. */
  maxQuerySize: number;
  log: Log;
}

export interface GraphQLServer {
  yoga: YogaServerInstance<OperationContext, GraphQLContext>;
  /** The query of a subscription, to be answered for each event; or why it cannot be. */
  subscriptionExecution(args: ExecutionArgs): SubscriptionExecution | GraphQLError;
  /** The events of a subscription, or why there are none. */
  subscribe(args: ExecutionArgs): Promise<AsyncIterable<unknown> | ExecutionResult>;
  /** Puts an error into words, as every transport tells it. */
  toGraphQLError(error: unknown): GraphQLError;
}

export function createGraphQL(options: GraphQLOptions): GraphQLServer {
  const { contextFor, epoch, isReady, limits } = options;
  const translator = translatorFor(options.log);
  const tell = (error: unknown) => translator()(error);
  const live = (args: ExecutionArgs) => {
    try {
      return createSubscriptionExecution(args, {
        contextFor,
        epoch,
        isReady,
        translator,
        maxAnswerSize: limits.maxAnswerSize,
      });
    } catch (error) {
      return tell(error);
    }
  };
  const yoga = createYoga<OperationContext, GraphQLContext>({
    schema,
    graphqlEndpoint: '/graphql',
    context: (given) => contextOf(options, given),
    maskedErrors: { maskError: tell },
    plugins: [
      bodies(options),
      refusePersistedQueries(),
      boundedParsing(),
      boundedAliases(limits.maxQueryAliases),
      boundResponses(limits.maxAnswerSize, translator, messageOf),
      sharedSubscriptions(live, tell),
      eventStreams(),
    ],
    parserAndValidationCache: { documentCache: new QueryCache(), errorCache: new QueryCache() },
    // Ours, above: the form is read from the socket, in its own time, and bodies are limited where they are read.
    multipart: false,
    maxRequestBodySize: false,
    // Fastify's.
    cors: false,
    graphiql: false,
    landingPage: false,
    logging: false,
    batching: false,
  });
  return { yoga, subscriptionExecution: live, toGraphQLError: tell, subscribe };
}

/** Translates the errors of one answer: what has one cause is logged once, under one id. */
function translatorFor(log: Log): () => Translate {
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
    const refused = refuseCostlySubscription(args);
    return refused ? { errors: [refused] } : await createSourceEventStream(args);
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [error] }; // as for a variable that is not what it has to be
    throw error;
  }
}

function contextOf({ contextFor }: GraphQLOptions, { viewer, budget, form, req }: OperationContext): GraphQLContext {
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

/** Reads bodies: JSON and multipart, and nothing that an HTML form of another site could send without asking first. */
function bodies({ maxQuerySize, budget }: GraphQLOptions): Plugin<OperationContext, OperationContext> {
  return {
    onRequestParse({ request, serverContext, setRequestParser }) {
      if (request.method === 'GET') return setRequestParser(async () => paramsInUrl(request.url) as never);
      if (request.method !== 'POST') return;
      const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
      const { form, req, viewer } = serverContext;
      if (form) {
        setRequestParser(async () => (await form.operations()) as never);
      } else if ((type === 'application/json' || type === 'application/graphql+json') && req) {
        setRequestParser(
          async () => (await readParams(req, { limit: maxQuerySize, budget, userId: viewer.userId })) as never,
        );
      } else {
        throw new GraphQLError('Send a query as application/json, or with files as multipart/form-data.', {
          extensions: { code: 'UNSUPPORTED_MEDIA_TYPE', http: { status: 415 } },
        });
      }
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

/** A body that cannot be read is told with a status: https://graphql.github.io/graphql-over-http/draft/#sec-Status-Codes */
async function readParams(
  request: IncomingMessage,
  options: Pick<JsonBodyOptions, 'limit' | 'budget' | 'userId'>,
): Promise<object> {
  try {
    const hint = 'Send files as parts of a multipart request.';
    const body = await readJson(request, { ...options, hint, bounds: GRAPHQL_JSON });
    if (typeof body === 'object' && body !== null) return body;
    throw new BadUserInputError('The body has to be a JSON object with a "query".');
  } catch (error) {
    const { status, headers, error: told } = toErrorResponse(error);
    if (status === 500) throw error;
    throw new GraphQLError(told.message, { extensions: { code: told.code, http: { status, headers } } });
  }
}

/**
 * An event may come long after its subscription began: it is answered in a unit of work of its own, so that what it
 * reads is what is there then; and once for all who ask for the same.
 */
function sharedSubscriptions(
  live: GraphQLServer['subscriptionExecution'],
  tell: GraphQLServer['toGraphQLError'],
): Plugin {
  return {
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn(async (args: ExecutionArgs) => {
        const { req } = args.contextValue as OperationContext;
        if (!acceptsEventStream(req?.headers.accept)) return { errors: [noEventStream()] };
        const query = live(args);
        if (query instanceof GraphQLError) return { errors: [query] };
        const subscription = { queryKey: query.queryKey, hasOwnConnection: true };
        Object.assign(args.contextValue as GraphQLContext, { subscription });
        const events = await subscribe(args);
        if (!(events instanceof Subscription)) return 'errors' in events ? withStatus(events) : (events as never);
        return new ResultStream(new FrameStream(events, query.queryKey, query.render), tell);
      });
    },
  };
}

/** Of a client that would wait for the end of an answer that has none. */
const noEventStream = () =>
  new GraphQLError(
    'A subscription is answered by a stream of events. Send the header "Accept: text/event-stream", or subscribe over ' +
      'WebSocket (protocol graphql-transport-ws).',
    { extensions: { code: 'BAD_USER_INPUT', http: { status: 406 } } },
  );

/** Over HTTP, too many subscriptions are 429, and a database that is away is 503, with the time after which to try again. */
function withStatus(result: ExecutionResult): ExecutionResult {
  const error = result.errors?.find(({ originalError }) => isTemporary(originalError));
  if (!error) return result;
  const { status, headers, error: told } = toErrorResponse(error.originalError);
  const { message, path } = error;
  const extensions = { code: told.code, http: { status, headers } };
  return { errors: [new GraphQLError(message, { path: path ?? null, extensions })] };
}

/** Answers one HTTP request. The viewer is known already: nobody else gets as far as a body. */
export async function handleGraphQL(
  graphql: GraphQLServer,
  options: GraphQLOptions,
  { viewer, budget }: Pick<OperationContext, 'viewer' | 'budget'>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const large: ResponseChunks = {};
  const isForm = request.method === 'POST' && /^\s*multipart\/form-data\b/i.test(request.headers['content-type'] ?? '');
  const run = async () => {
    await using form = isForm ? new MultipartForm(request, viewer.userId, options) : undefined;
    return await graphql.yoga.handleNodeRequestAndResponse(request, response, {
      ...{ viewer, budget, form },
      ...{ req: request, answer: large },
    });
  };
  try {
    // The form is gone, with what nobody adopted, before anything is answered.
    const result = await run();
    if (!result.headers.get('content-type')?.startsWith('text/event-stream')) {
      await respond(request, response, {
        status: result.status,
        headers: Object.fromEntries(result.headers),
        body: large.pieces ?? (await result.text()),
      });
      return;
    }
    options.budget.release(request); // a stream of events may last for days
    result.headers.delete('content-encoding'); // Yoga says "none", which is no encoding
    cutOffWhenStalled(response, options.slowReaderMs);
    await sendEventStream(result, response);
  } finally {
    options.budget.release(request);
  }
}

/** Ends a response that nobody reads for so long. What it was to tell is in the log. */
function cutOffWhenStalled(response: ServerResponse, patienceMs: number): void {
  let isStalled = false;
  const watch = setInterval(() => {
    if (isStalled && response.writableNeedDrain) response.destroy();
    isStalled = response.writableNeedDrain;
  }, patienceMs);
  response.on('drain', () => {
    isStalled = false;
  });
  response.once('close', () => clearInterval(watch));
}

/** An error outside of any operation, in the form that GraphQL clients read, of the type that they accept. */
export function graphQLErrorResponse(error: unknown, accept: string | undefined) {
  const { status, headers, error: told } = toErrorResponse(error);
  const body = JSON.stringify({ errors: [{ message: told.message, extensions: { code: told.code } }] });
  return { status, headers: { ...headers, 'content-type': `${graphQLTypeFor(accept)}; charset=utf-8` }, body };
}
