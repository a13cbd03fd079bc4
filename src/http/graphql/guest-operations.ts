import type { ExecutionArgs } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { refuseGuestOperation } from '../../schema/guests.ts';
import type { OperationContext } from './options.ts';

/**
 * Refuses operations that guests may not run, once before the execution: queries, mutations and
 * subscriptions, however they were sent. Not a rule of the validation, whose results are cached for
 * everybody.
 */
export function restrictGuests(): Plugin {
  const refusalOf = (args: ExecutionArgs) => {
    const { guest } = args.contextValue as OperationContext;
    return guest && refuseGuestOperation(guest, args);
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
