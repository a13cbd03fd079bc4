import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import type { Endpoint } from '../support/client.ts';
import { eventSubscription, type FileEvent } from '../support/events.ts';
import { stream } from '../support/sse-client.ts';

/** A subscriber as an application has one: it reconnects, and resumes after its last event. */
export interface ResumingSubscriber extends AsyncDisposable {
  transport: 'WebSocket' | 'SSE';
  /** The cursors of the events, in the order of their arrival. */
  received: string[];
  /** Errors that a reconnection does not mend. */
  failures: unknown[];
  connections(): number;
}

/** Between 50 and 250 ms, so that subscribers do not reconnect all at once. */
const retryDelay = () => pause(50 + Math.random() * 200);

export function subscribeByWebSocket({ wsUrl, key }: Endpoint, on: string, after: string): ResumingSubscriber {
  const received: string[] = [];
  const failures: unknown[] = [];
  let connections = 0;
  let isDisposed = false;
  const client = createClient({
    url: wsUrl,
    connectionParams: { authorization: `Bearer ${key}` },
    retryAttempts: 1000,
    // Otherwise graphql-ws gives up when a proxy answers 502 or 503.
    shouldRetry: () => true,
    retryWait: retryDelay,
    on: {
      connected() {
        connections += 1;
      },
    },
  });
  const payload = { query: eventSubscription('cursor'), variables: { on, after } };
  client.subscribe<{ event: FileEvent }>(payload, {
    next({ data, errors }) {
      if (errors) failures.push(errors);
      const cursor = data?.event.cursor;
      if (cursor === undefined) return;
      payload.variables.after = cursor;
      received.push(cursor);
    },
    error: (error) => failures.push(error),
    complete() {
      if (!isDisposed) failures.push('The server completed the subscription.');
    },
  });
  return {
    transport: 'WebSocket',
    received,
    failures,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      isDisposed = true;
      await client.dispose();
    },
  };
}

export function subscribeByEventStream(server: Endpoint, on: string, after: string): ResumingSubscriber {
  const received: string[] = [];
  const failures: unknown[] = [];
  const stop = new AbortController();
  let connections = 0;
  let last = after;
  const follow = async () => {
    await using events = await stream(server, on, { after: last, signal: stop.signal });
    if (events.response.status !== 200) return;
    connections += 1;
    for (;;) {
      const { cursor } = await events.nextEvent();
      last = cursor;
      received.push(cursor);
    }
  };
  const run = async () => {
    while (!stop.signal.aborted) {
      // Errors of GraphQL are a list; others mean that the connection has ended.
      await follow().catch((error) => Array.isArray(error) && failures.push(error));
      await retryDelay();
    }
  };
  const ended = run();
  return {
    transport: 'SSE',
    received,
    failures,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended;
    },
  };
}
