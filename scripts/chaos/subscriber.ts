import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import type { Endpoint } from './send.ts';
import { KEY } from './workspace.ts';

/**
 * A stock graphql-ws client that listens to one thing from a cursor on, and comes back whenever it
 * is cut off. On Node's own WebSocket, which hears nothing once it is closing, as a browser's: on
 * `ws`, a client that was terminated goes on hearing its old socket beside the new, and so hears
 * things twice.
 */
export interface ChaosSubscriber extends AsyncDisposable {
  /** What it listens to. */
  on: string;
  /** After which event it began. */
  from: string;
  /** The files it had seen in the list when it began. */
  listed: readonly string[];
  /** The files it was told of, in that order. */
  received: string[];
  /** How often it had a connection. */
  connections(): number;
  /**
   * Why it listens no more, when it was ended by an error or a `complete`: nothing brings it back
   * then.
   */
  terminationReason(): string | undefined;
  /** Drops the connection as if the network had. */
  terminate(): void;
}

/** The one tells of new files only; nothing else happens here, so both have to tell the same. */
export type SubscriptionField = 'fileAdded' | 'fileEvents';

interface SubscriberOptions {
  field: SubscriptionField;
  on: string;
  from: string;
  seen?: readonly string[];
  /** Where to connect to next. */
  anyNode(): Endpoint;
}

type SubscriptionResult = Record<SubscriptionField, { cursor: string; file: { id: string } }>;

export function startSubscriber({ field, on, from, seen = [], anyNode }: SubscriberOptions): ChaosSubscriber {
  const received: string[] = [];
  let connections = 0;
  let terminationReason: string | undefined;
  const client = createClient({
    url: () => anyNode().graphqlUrl.replace('http', 'ws'),
    connectionParams: { authorization: `Bearer ${KEY}` },
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: () => pause(50 + Math.random() * 250),
    // Stock clients take a refused connection for fatal; what a server's close code says still
    // holds.
    shouldRetry: () => true,
    on: {
      connected: () => {
        connections += 1;
      },
    },
  });
  // The payload is sent anew at each retry, as it is then: that is how a client of graphql-ws
  // resumes.
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
          terminationReason = `told ${JSON.stringify(errors)}`;
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
    listed: seen,
    received,
    connections: () => connections,
    terminationReason: () => terminationReason,
    terminate: () => client.terminate(),
    async [Symbol.asyncDispose]() {
      await client.dispose();
    },
  };
}
