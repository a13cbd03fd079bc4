import { type ExecutionArgs, GraphQLError } from 'graphql';
import { AttacheError, DatabaseUnavailableError } from '../../errors.ts';
import { Subscription } from '../../events/subscription.ts';
import type { GraphQLServer } from '../graphql/options.ts';
import { TRY_AGAIN_LATER } from './close.ts';
import type { Connection } from './connection.ts';
import { WebSocketSink } from './websocket-sink.ts';

/** Travels as `rootValue` from the message that starts an operation to its execution. */
export interface Operation {
  execute(args: ExecutionArgs): ReturnType<typeof import('graphql').execute>;
  connection: Connection;
  id: string;
  /** Frees the memory of the message that started it. */
  releaseMessage(): void;
}

/**
 * Starts a subscription. Its events go to the socket directly, in frames that are made once for all
 * subscribers of the same query. Returns a stream that only ends, or the errors.
 */
export async function subscribe(graphql: GraphQLServer, args: ExecutionArgs) {
  const { connection, id, releaseMessage } = args.rootValue as Operation;
  const execution = graphql.subscriptionExecution(args);
  if (execution instanceof GraphQLError) return { errors: [execution] };
  const { queryKey, render } = execution;
  const events = await graphql.subscribe(args, { queryKey });
  if (!(Symbol.asyncIterator in events)) {
    if (events.errors?.some(isFault)) connection.socket.close(TRY_AGAIN_LATER, 'Try again');
    return { errors: events.errors?.map(graphql.toGraphQLError) ?? [] };
  }
  if (!(events instanceof Subscription)) throw new Error('Only subscriptions of events are supported.');
  // The protocol library holds `args` as long as the subscription; `execution` is enough.
  Object.assign(args, { document: undefined, variableValues: undefined, contextValue: undefined });
  releaseMessage();
  const { socket, request, stops } = connection;
  stops.get(id)?.();
  const stop = () => {
    if (stops.get(id) === stop) stops.delete(id);
    events.end();
  };
  stops.set(id, stop);
  const sink = new WebSocketSink({ socket, raw: request.socket, id, stop, translate: graphql.toGraphQLError });
  // Deferred: the protocol library must know the stream before it can end.
  setImmediate(() => events.start(queryKey, render, sink));
  return sink;
}

/** Whether an error is the server's fault, and not a response to the operation. */
function isFault({ originalError }: GraphQLError): boolean {
  if (originalError instanceof GraphQLError) return isFault(originalError);
  if (originalError instanceof DatabaseUnavailableError) return true;
  return originalError !== undefined && !(originalError instanceof AttacheError);
}
