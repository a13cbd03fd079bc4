import { type DocumentNode, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { recordOf } from '../requests/observe-requests.ts';
import type { OperationInfo, RequestObserver } from '../requests/observer.ts';
import type { OperationContext } from './options.ts';

/** The name and type of the operation that is executed. */
export function operationInfo(
  document: DocumentNode,
  operationName: string | null | undefined,
): OperationInfo | undefined {
  const operation = getOperationAST(document, operationName);
  return operation ? { name: operation.name?.value, type: operation.operation } : undefined;
}

interface Executed {
  document: DocumentNode;
  operationName?: string | null;
  contextValue?: unknown;
}

/**
 * Records the operation of each HTTP request, for its observers. `isTrusted`: see `OperationInfo`.
 */
export function recordOperations(requests: Required<RequestObserver>, isTrusted: boolean): Plugin {
  const record = ({ args: { document, operationName, contextValue } }: { args: Executed }) => {
    const { req } = contextValue as OperationContext;
    const known = req && recordOf(req);
    const info = known && operationInfo(document, operationName);
    if (!info) return undefined;
    known.operation = { ...info, isTrusted };
    return requests.operationStarted(known);
  };
  return {
    onExecute(hook) {
      const end = record(hook as { args: Executed });
      return end && { onExecuteDone: end };
    },
    onSubscribe(hook) {
      const end = record(hook as { args: Executed });
      return end && { onSubscribeResult: end };
    },
  };
}
