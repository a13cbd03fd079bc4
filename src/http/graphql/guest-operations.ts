import type { ExecutionArgs, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Guest } from '../../auth/guest.ts';
import type { OperationContext } from './options.ts';

/**
 * Refuses operations that guests may not run, once before the execution: queries, mutations and
 * subscriptions, however they were sent. Not a rule of the validation, whose results are cached for
 * everybody. `refuse` returns the error.
 */
export function restrictGuests(refuse: (guest: Guest, args: ExecutionArgs) => GraphQLError | undefined): Plugin {
  const refusalOf = (args: ExecutionArgs) => {
    const { guest } = args.contextValue as OperationContext;
    return guest && refuse(guest, args);
  };
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const refusal = refusalOf(args);
      if (refusal) setResultAndStopExecution({ errors: [refusal] });
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const refusal = refusalOf(args);
      if (refusal) setResultAndStopExecution({ errors: [refusal] });
    },
  };
}
