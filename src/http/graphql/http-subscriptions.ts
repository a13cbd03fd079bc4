import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { isTemporary } from '../../errors.ts';
import { FrameStream } from '../../events/frame-stream.ts';
import { Subscription } from '../../events/subscription.ts';
import { ResultStream } from './event-stream.ts';
import { toHttpGraphQLError } from './http-error.ts';
import { acceptsEventStream } from './media-type.ts';
import type { GraphQLServer, OperationContext } from './options.ts';

/**
 * Runs subscriptions over HTTP. Each event is executed in a unit of work of its own, so that it
 * reads the current data, and once for all subscribers of the same query.
 */
export function httpSubscriptions(
  server: Pick<GraphQLServer, 'subscriptionExecution' | 'subscribe' | 'toGraphQLError'>,
): Plugin {
  return {
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn(async (args: ExecutionArgs) => {
        const { req } = args.contextValue as OperationContext;
        if (!acceptsEventStream(req?.headers.accept)) return { errors: [eventStreamNotAccepted()] };
        const execution = server.subscriptionExecution(args);
        if (execution instanceof GraphQLError) return { errors: [execution] };
        const { queryKey, render } = execution;
        const events = await server.subscribe(args, { queryKey, hasOwnConnection: true });
        if (!(events instanceof Subscription)) return 'errors' in events ? withStatus(events) : (events as never);
        return new ResultStream(new FrameStream(events, queryKey, render), server.toGraphQLError);
      });
    },
  };
}

/** For a client that would wait for the end of the response, which has none. */
const eventStreamNotAccepted = () =>
  new GraphQLError(
    'A subscription is answered by a stream of events. Send the header "Accept: text/event-stream", or subscribe over ' +
      'WebSocket (protocol graphql-transport-ws).',
    { extensions: { code: 'BAD_USER_INPUT', http: { status: 406 } } },
  );

/** Sets the status of temporary errors: 429 for too many subscriptions, 503 without a database. */
function withStatus(result: ExecutionResult): ExecutionResult {
  const error = result.errors?.find(({ originalError }) => isTemporary(originalError));
  if (!error) return result;
  const { message, path } = error;
  const { extensions } = toHttpGraphQLError(error.originalError);
  return { errors: [new GraphQLError(message, { path: path ?? null, extensions })] };
}
