import { type DocumentNode, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { recordOf } from '../requests/observe-requests.ts';
import type { OperationInfo } from '../requests/observer.ts';
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

/** Records the operation of each HTTP request, for the log and the metrics. */
export function recordOperations(): Plugin {
  const record = ({ args: { document, operationName, contextValue } }: { args: Executed }) => {
    const { req } = contextValue as OperationContext;
    const known = req && recordOf(req);
    const info = known && operationInfo(document, operationName);
    if (info) known.operation = info;
  };
  return { onExecute: record as never, onSubscribe: record as never };
}
