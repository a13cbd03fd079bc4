/** Exchanges for urql: https://nearform.com/open-source/urql/docs/architecture/ */
import {
  type Exchange,
  makeErrorResult,
  makeResult,
  type Operation,
  type SubscriptionForwarder,
  stringifyDocument,
} from '@urql/core';
import { filter, fromPromise, merge, mergeMap, pipe, share, takeUntil, tap } from 'wonka';
import { filesIn } from './multipart.ts';
import type { SubscriptionClient } from './subscriptions.ts';
import { executeUpload } from './upload-operation.ts';
import type { UploadServer } from './upload-server.ts';

/**
 * For `subscriptionExchange({ forwardSubscription })`: subscriptions deliver every event once, and
 * resume by themselves.
 */
export function createForwardSubscription(client: SubscriptionClient): SubscriptionForwarder {
  return ({ query = '', variables, operationName, extensions }) => ({
    subscribe: (sink) => ({
      unsubscribe: client.subscribe(
        { query, variables: variables as Record<string, unknown>, operationName, extensions },
        { ...sink, next: (result) => sink.next(result as Parameters<typeof sink.next>[0]) },
      ),
    }),
  });
}

/**
 * An exchange before `fetchExchange`: it executes the operations that have files in their
 * variables, and forwards the others. The operation's context may have
 * `onUploadProgress(sent, total)`.
 */
export function uploadExchange(server: UploadServer): Exchange {
  return ({ forward }) =>
    (operations) => {
      const shared = pipe(operations, share);
      const isUpload = ({ kind, variables }: Operation) => kind !== 'teardown' && filesIn(variables).size > 0;
      const results = pipe(
        shared,
        filter(isUpload),
        mergeMap((operation) => {
          const leaving = new AbortController();
          const teardown = pipe(
            shared,
            filter(({ kind, key }) => kind === 'teardown' && key === operation.key),
            tap(() => leaving.abort()),
          );
          return pipe(fromPromise(execute(server, operation, leaving.signal)), takeUntil(teardown));
        }),
      );
      const others = pipe(
        shared,
        filter((operation) => !isUpload(operation)),
        forward,
      );
      return merge([results, others]);
    };
}

async function execute(server: UploadServer, operation: Operation, signal: AbortSignal) {
  const { query, variables, extensions, context } = operation;
  const request = { query: stringifyDocument(query), variables: variables ?? undefined, extensions };
  try {
    const result = await executeUpload(server, request, { onProgress: context.onUploadProgress, signal });
    return makeResult(operation, result as Parameters<typeof makeResult>[1]);
  } catch (error) {
    return makeErrorResult(operation, error as Error);
  }
}
