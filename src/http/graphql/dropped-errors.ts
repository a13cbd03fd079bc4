import { GraphQLError } from 'graphql';

/**
 * Handles the errors that executors of GraphQL drop, until it is disposed of. When an item of a
 * list fails at once, the executor ends the list, and awaits no earlier item. One that fails later
 * is then an unhandled rejection, which would end the process. The response has the first error.
 */
export function handleDroppedErrors(report: (error: GraphQLError) => void): Disposable {
  const onRejection = (reason: unknown) => {
    // Any other rejection is a defect, and ends the process as it would without this handler.
    if (!(reason instanceof GraphQLError)) throw reason;
    report(reason);
  };
  process.on('unhandledRejection', onRejection);
  return { [Symbol.dispose]: () => void process.off('unhandledRejection', onRejection) };
}
