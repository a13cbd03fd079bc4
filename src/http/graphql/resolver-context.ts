import { type ExecutionArgs, GraphQLError } from 'graphql';
import type { GraphQLContext } from '../../schema/context.ts';
import type { GraphQLOptions, OperationContext } from './options.ts';

/** The context of Yoga and its plugins. */
export interface YogaContext extends OperationContext {
  /**
   * The context of resolvers, and of the domain behind them. An object of its own: so many members
   * are merged into the context of Yoga that V8 keeps that as a hash table, where each access is
   * slow.
   */
  resolverContext: GraphQLContext;
}

/** The arguments of an execution with the context of resolvers in the place of Yoga's. */
export const forResolvers = (args: ExecutionArgs): ExecutionArgs => ({
  ...args,
  contextValue: (args.contextValue as YogaContext).resolverContext,
});

/**
 * Creates the context of resolvers. It reaches the request only by `operation`, from which the
 * request is removed when the response is sent. There is nothing to hold from then on.
 */
export function createResolverContext({ contextFor }: GraphQLOptions, operation: OperationContext): GraphQLContext {
  const { viewer, guest, budget, client, req } = operation;
  return {
    ...contextFor(viewer, budget, client),
    guest,
    holdResponse: operation.holdResponse && ((until) => operation.holdResponse?.(until)),
    lastEventId: req?.headers['last-event-id']?.toString() || undefined,
    receive(upload, allowance) {
      const { form } = operation;
      if (!form)
        throw new GraphQLError('Files are sent in a multipart request.', { extensions: { code: 'BAD_USER_INPUT' } });
      return form.receive(upload, allowance);
    },
  };
}
