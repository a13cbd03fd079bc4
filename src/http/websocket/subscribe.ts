import { type ExecutionArgs, GraphQLError } from 'graphql';
import { AttacheError, DatabaseUnavailableError } from '../../errors.ts';
import { Subscription } from '../../events/subscription.ts';
import type { GraphQLServer } from '../graphql/graphql-server.ts';
import { type SocketExtra, TRY_AGAIN_LATER } from './transport.ts';
import { WebSocketSink } from './websocket-sink.ts';

/** What the protocol's library carries from the message that began an operation to where it is run. */
export interface Operation {
  execute(args: ExecutionArgs): ReturnType<typeof import('graphql').execute>;
  extra: SocketExtra;
  id: string;
  /** Gives back the room of its message. */
  release(): void;
}

/** Subscribes. Events go to the socket directly, so that those who ask for the same share the work. */
export async function subscribe(graphql: GraphQLServer, args: ExecutionArgs) {
  const { extra, id, release } = args.rootValue as Operation;
  const live = graphql.subscriptionExecution(args);
  if (live instanceof GraphQLError) return { errors: [live] };
  Object.assign(args.contextValue as object, { subscription: { queryKey: live.queryKey } });
  const events = await graphql.subscribe(args);
  if (!(Symbol.asyncIterator in events)) {
    if (events.errors?.some(isFault)) extra.socket.close(TRY_AGAIN_LATER, 'Try again');
    return { errors: events.errors?.map(graphql.toGraphQLError) ?? [] };
  }
  if (!(events instanceof Subscription)) throw new Error('A subscription has to be one of events.');
  // The protocol's library keeps them for as long as the subscription goes on. The group has all that is needed.
  Object.assign(args, { document: undefined, variableValues: undefined, contextValue: undefined });
  release(); // what stays of a subscription is bounded by itself
  const { socket, request, stops } = extra;
  stops.get(id)?.();
  const stop = () => {
    if (stops.get(id) === stop) stops.delete(id);
    events.end();
  };
  stops.set(id, stop);
  const receiver = new WebSocketSink({
    ...{ socket, raw: request.socket, id },
    stop,
    translate: graphql.toGraphQLError,
  });
  // The protocol's library has to know of it before it can end.
  setImmediate(() => events.start(live.queryKey, live.render, receiver));
  return receiver;
}

/** Whether it is no word on what was asked for, but a fault of ours. */
function isFault({ originalError }: GraphQLError): boolean {
  if (originalError instanceof GraphQLError) return isFault(originalError);
  if (originalError instanceof DatabaseUnavailableError) return true;
  return originalError !== undefined && !(originalError instanceof AttacheError);
}
