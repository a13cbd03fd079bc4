import type { Endpoint } from './client.ts';
import { EVENT_FIELDS, type FileEvent, eventSubscription as subscriptionOf } from './events.ts';
import { eventsOf, type ServerSentEvent } from './sse.ts';

/** A subscription over server-sent events. */
export interface Stream extends AsyncDisposable {
  response: Response;
  /** The next event of the stream, of any type; undefined at its end. */
  next(): Promise<ServerSentEvent | undefined>;
  /** The next file event, with its event id. */
  nextEvent(): Promise<FileEvent & { id: string }>;
}

export interface StreamOptions {
  after?: string;
  lastEventId?: string;
  key?: string;
  method?: 'GET' | 'POST';
  /** Ends the stream, also while it is being opened. */
  signal?: AbortSignal;
}

/** Subscribes to `fileEvents`. The subscription is active when this resolves. */
export async function stream(
  server: Pick<Endpoint, 'graphqlUrl' | 'key'>,
  on: string,
  { after, lastEventId, key = server.key, method = 'POST', signal: ending }: StreamOptions = {},
): Promise<Stream> {
  const controller = new AbortController();
  const query = subscriptionOf(EVENT_FIELDS);
  const variables = { on, ...(after === undefined ? {} : { after }) };
  const headers = {
    authorization: `Bearer ${key}`,
    accept: 'text/event-stream',
    ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
  };
  const signal = ending ? AbortSignal.any([controller.signal, ending]) : controller.signal;
  const search = new URLSearchParams({ query, variables: JSON.stringify(variables) });
  const response =
    method === 'GET'
      ? await fetch(`${server.graphqlUrl}?${search}`, { headers, signal })
      : await fetch(server.graphqlUrl, {
          method,
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify({ query, variables }),
          signal,
        });
  const events = eventsOf(response, { withoutData: true });
  const next = async () => (await events.next()).value ?? undefined;
  return {
    response,
    next,
    async nextEvent() {
      for (;;) {
        const event = await next();
        if (!event || event.event === 'complete') throw new Error('The stream ended.');
        if (event.data === '') continue;
        const { data, errors } = JSON.parse(event.data);
        if (errors) throw errors;
        return { ...data.event, id: event.id };
      }
    },
    async [Symbol.asyncDispose]() {
      controller.abort();
    },
  };
}
