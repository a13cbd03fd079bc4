import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import type { Endpoint } from './send.ts';
import { KEY } from './workspace.ts';

/**
 * A stock graphql-ws client that subscribes after a cursor and resumes after each disconnect. It
 * uses Node's own WebSocket, which as in browsers delivers nothing once it is closing: with `ws`, a
 * terminated client keeps receiving on its old socket beside the new one, and so receives
 * duplicates.
 */
export interface ChaosSubscriber extends AsyncDisposable {
  /** The id it subscribes to. */
  on: string;
  /** The cursor it started after. */
  from: string;
  /** The files of the list it started from. */
  listed: readonly string[];
  /** The files of the received events, in order. */
  received: string[];
  /** How often it connected. */
  connections(): number;
  /** The error or `complete` that ended the subscription; the client does not resume then. */
  terminationReason(): string | undefined;
  /** Drops the connection as a network failure does. */
  terminate(): void;
}

/** Only files are added here, so both fields emit the same events. */
export type SubscriptionField = 'fileAdded' | 'fileEvents';

interface SubscriberOptions {
  field: SubscriptionField;
  on: string;
  from: string;
  listed?: readonly string[];
  /** The server to connect to next. */
  anyNode(): Endpoint;
}

type SubscriptionResult = Record<SubscriptionField, { cursor: string; file: { id: string } }>;

export function startSubscriber({ field, on, from, listed = [], anyNode }: SubscriberOptions): ChaosSubscriber {
  const received: string[] = [];
  let connections = 0;
  let terminationReason: string | undefined;
  const client = createClient({
    url: () => anyNode().graphqlUrl.replace('http', 'ws'),
    connectionParams: { authorization: `Bearer ${KEY}` },
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: () => pause(50 + Math.random() * 250),
    // By default a refused connection is fatal. Fatal close codes still end the subscription.
    shouldRetry: () => true,
    on: {
      connected: () => {
        connections += 1;
      },
    },
  });
  // graphql-ws sends the variables again at each retry: updating `after` makes it resume.
  const variables = { on, after: from };
  client.subscribe<SubscriptionResult>(
    {
      query: `subscription ($on: ID!, $after: String) {
        ${field}(on: $on, after: $after) { cursor file { id name } onId on { id } actor { id } at }
      }`,
      variables,
    },
    {
      next({ data, errors }) {
        if (!data) {
          terminationReason = `received ${JSON.stringify(errors)}`;
          return;
        }
        variables.after = data[field].cursor;
        received.push(data[field].file.id);
      },
      error(error) {
        terminationReason = error instanceof Error ? String(error) : JSON.stringify(error);
      },
      complete() {
        terminationReason ??= 'completed';
      },
    },
  );
  return {
    on,
    from,
    listed,
    received,
    connections: () => connections,
    terminationReason: () => terminationReason,
    terminate: () => client.terminate(),
    async [Symbol.asyncDispose]() {
      // Rejects if a connection attempt fails meanwhile, as to a server that just restarted.
      // Nothing is left to close then.
      await Promise.resolve(client.dispose()).catch(() => {});
    },
  };
}
