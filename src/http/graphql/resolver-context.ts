import { type ExecutionArgs, GraphQLError } from 'graphql';
import type { AddedContext, GraphQLOptions, OperationContext } from './options.ts';

/** The arguments of an execution with the context of resolvers in the place of Yoga's. */
export const forResolvers = (args: ExecutionArgs): ExecutionArgs => ({
  ...args,
  contextValue: (args.contextValue as AddedContext).resolverContext,
});

/**
 * Creates the context of resolvers. It reaches the request only by `operation`, from which the
 * request is removed when the response is sent. There is nothing to hold from then on.
 */
export function createResolverContext(
  { contextFor }: Pick<GraphQLOptions, 'contextFor'>,
  operation: OperationContext,
): AddedContext['resolverContext'] {
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
