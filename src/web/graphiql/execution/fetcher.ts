import type { Fetcher } from '@graphiql/toolkit';
import type { ExecutionResult, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { currentToken } from '../../api/credentials.ts';
import { serverUrl } from '../../api/server-url.ts';
import type { EventLogStore } from '../events/event-log.ts';
import { type ChosenFiles, placedFiles } from '../files/chosen-files.ts';
import { multipartForm } from '../files/multipart.ts';
import { uploadPlaces } from '../files/upload-places.ts';
import type { Variables } from '../files/variables.ts';
import { createStore, type Store } from '../store.ts';
import { operationOf } from './operation.ts';
import { sendRequest } from './send-request.ts';
import { subscribe } from './subscribe.ts';
import type { Transfer } from './transfer.ts';

/** What the fetcher and the panels share. */
export interface Execution {
  chosen: ChosenFiles;
  events: EventLogStore;
  transfer: Store<Transfer | undefined>;
  /** Set by GraphiQL when it has loaded the schema. */
  schema: GraphQLSchema | undefined;
  /** The open tab, whose files an operation takes. */
  tabId: string;
  /** Ends the operation that runs. */
  stop(): void;
}

interface Sink {
  next(result: ExecutionResult): void;
  complete(): void;
}

interface Operation {
  query: string;
  operationName?: string | undefined;
  variables: Variables;
}

/** The name of the query with which GraphiQL loads the schema. */
const SCHEMA_QUERY = 'IntrospectionQuery';

/**
 * Runs the operations of GraphiQL: subscriptions over a WebSocket, operations with files as
 * multipart requests, the others as JSON. All are observables, which the button Stop ends. `onRun`
 * is called when the user runs one.
 */
export function createFetcher(execution: Execution, onRun: () => void): Fetcher {
  return ({ query, operationName, variables }, { headers: entered } = {}) =>
    ({
      subscribe(sink: Sink) {
        const node = operationOf(query, operationName);
        const name = node ? node.name?.value : (operationName ?? undefined);
        const operation: Operation = { query, operationName: name, variables: { ...variables } };
        const headers = headersFor(entered);
        const abort =
          node?.operation === 'subscription'
            ? subscribe({
                authorization: async () => (await headers()).authorization,
                ...{ events: execution.events, tabId: execution.tabId, payload: operation, operation: node },
                onResult: sink.next,
                onEnd: sink.complete,
              })
            : send(execution, operation, { node, headers, sink });
        execution.stop = abort;
        if (name !== SCHEMA_QUERY) onRun();
        return { unsubscribe: abort };
      },
    }) as ReturnType<Fetcher>;
}

type Headers = Record<string, string>;

/** The headers of the editor, whose `Authorization` replaces that of the user. */
const headersFor =
  (entered: Headers = {}) =>
  async () => {
    const headers = Object.fromEntries(Object.entries(entered).map(([name, value]) => [name.toLowerCase(), value]));
    return { ...headers, authorization: headers.authorization ?? `Bearer ${await currentToken()}` };
  };

interface SendOptions {
  node: OperationDefinitionNode | undefined;
  headers(): Promise<Headers>;
  sink: Sink;
}

/** Sends a query or a mutation, with the files that were chosen for its variables. */
function send(execution: Execution, operation: Operation, { node, headers, sink }: SendOptions): () => void {
  const { schema, chosen, tabId } = execution;
  const places = schema && node ? uploadPlaces(schema, node, operation.variables) : [];
  const placed = placedFiles(chosen, tabId, places);
  const transfer = placed.length > 0 ? execution.transfer : createStore<Transfer | undefined>(undefined);
  const report = (change: Partial<Transfer>) =>
    transfer.set({ tabId, state: 'sending', sent: 0, total: 0, ...transfer.get(), ...change });
  const body = placed.length > 0 ? multipartForm(operation, placed) : JSON.stringify(operation);
  let isOpen = true;
  let abort = () => {};

  function end(result: ExecutionResult, change: Partial<Transfer>): void {
    isOpen = false;
    report(change);
    sink.next(result);
    sink.complete();
  }
  const fail = (message: string) => end({ errors: [{ message }] as never }, { state: 'failed', message });

  transfer.set(undefined);
  report({});
  headers().then(
    (values) => {
      if (!isOpen) return;
      abort = sendRequest(
        { url: serverUrl('graphql'), headers: values, body, onProgress: (sent, total) => report({ sent, total }) },
        { onResult: (result) => end(result, { state: 'answered' }), onFailure: fail },
      );
    },
    (cause) => fail(cause instanceof Error ? cause.message : String(cause)),
  );
  return () => {
    if (!isOpen) return;
    isOpen = false;
    abort();
    report({ state: 'stopped' });
  };
}
