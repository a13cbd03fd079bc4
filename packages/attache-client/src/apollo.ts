/** Links for Apollo Client: https://www.apollographql.com/docs/react/api/link/introduction */
import { ApolloLink, Observable } from '@apollo/client';
import { print } from 'graphql';
import { filesIn } from './multipart.ts';
import type { SubscriptionClient } from './subscriptions.ts';
import { executeUpload } from './upload-operation.ts';
import type { UploadServer } from './upload-server.ts';

/** A terminating link for subscriptions. They deliver every event once, and resume by themselves. */
export function createSubscriptionLink(client: SubscriptionClient): ApolloLink {
  return new ApolloLink(
    (operation) =>
      new Observable<ApolloLink.Result>((observer) =>
        client.subscribe(requestOf(operation), {
          next: (result) => observer.next(result as ApolloLink.Result),
          error: (error) => observer.error(error),
          complete: () => observer.complete(),
        }),
      ),
  );
}

/**
 * A link before an `HttpLink`: it executes the operations that have files in their variables, and
 * forwards the others. The operation's context may have `onUploadProgress(sent, total)`.
 */
export function createUploadLink(server: UploadServer): ApolloLink {
  return new ApolloLink((operation, forward) => {
    if (filesIn(operation.variables).size === 0) return forward(operation);
    const { onUploadProgress } = operation.getContext();
    return new Observable<ApolloLink.Result>((observer) => {
      const leaving = new AbortController();
      executeUpload(server, requestOf(operation), { onProgress: onUploadProgress, signal: leaving.signal }).then(
        (result) => {
          observer.next(result as ApolloLink.Result);
          observer.complete();
        },
        (error) => observer.error(error),
      );
      return () => leaving.abort();
    });
  });
}

const requestOf = ({ query, variables, operationName, extensions }: ApolloLink.Operation) => ({
  query: print(query),
  variables,
  operationName,
  extensions,
});
