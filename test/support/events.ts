import { type Client, type ClientOptions, createClient } from 'graphql-ws';
import { ask, type Endpoint } from './client.ts';

/** An event with the fields that the tests of events select. */
export interface FileEvent {
  cursor: string;
  type: string;
  file: { id: string; name: string; available: boolean; status: string | null };
  previousFileId: string | null;
  onId: string;
  actor: { id: string };
  at: string;
  session: string | null;
}

export const EVENT_FIELDS = `
  cursor type file { id name available status } previousFileId onId actor { id } at session
`;

export const eventSubscription = (fields = EVENT_FIELDS) =>
  `subscription ($on: ID!, $after: String) { event: fileEvents(on: $on, after: $after) { ${fields} } }`;

/** The current event cursor of an attachable, from its list of files. */
export async function cursorOf(server: Endpoint, on: string, key?: string): Promise<string> {
  const query = 'query ($id: ID!) { node(id: $id) { ... on Attachable { files(first: 1) { eventCursor } } } }';
  const { node } = await ask<{ node: { files: { eventCursor: string } } }>(server, query, { id: on }, key);
  return node.files.eventCursor;
}

/** A subscriber that reads its events one by one. */
export interface EventSubscriber<Event = FileEvent> extends AsyncDisposable {
  /** The next event. Rejects with the errors of the subscription, or when it has ended. */
  next(): Promise<Event>;
  /** The next `count` events. */
  take(count: number): Promise<Event[]>;
}

export interface SubscribeOptions {
  /** The cursor to start after; the current one by default. */
  after?: string;
  key?: string;
  /** A subscription with `$on` and `$after` and the field `event`; `fileEvents` by default. */
  query?: string;
  client?: Partial<ClientOptions>;
}

/** A graphql-ws client with a key, which does not retry. */
export const socketOf = (server: Endpoint, key = server.key, options: Partial<ClientOptions> = {}): Client =>
  createClient({ url: server.wsUrl, connectionParams: { authorization: key }, retryAttempts: 0, ...options });

/** Subscribes to the events of an attachable after a cursor, over WebSocket. */
export async function subscribeToEvents<Event = FileEvent>(
  server: Endpoint,
  on: string,
  { after, key, query = eventSubscription(), client: options }: SubscribeOptions = {},
): Promise<EventSubscriber<Event>> {
  const variables = { on, after: after ?? (await cursorOf(server, on, key)) };
  const client = socketOf(server, key, options);
  // `iterate` would lose an error that arrives before the next event is requested.
  const events: Event[] = [];
  let ending: { reason: unknown } | undefined;
  let arrival = Promise.withResolvers<void>();
  const end = (reason: unknown) => {
    ending ??= { reason };
    arrival.resolve();
  };
  client.subscribe<{ event: Event }>(
    { query, variables },
    {
      next({ data, errors }) {
        if (errors || !data) return end(errors);
        events.push(data.event);
        arrival.resolve();
      },
      error: end,
      complete: () => end(new Error(`The subscription to ${on} ended.`)),
    },
  );
  const next = async (): Promise<Event> => {
    for (;;) {
      const event = events.shift();
      if (event) return event;
      if (ending) throw ending.reason;
      arrival = Promise.withResolvers();
      await arrival.promise;
    }
  };
  return {
    next,
    async take(count) {
      const events: Event[] = [];
      while (events.length < count) events.push(await next());
      return events;
    },
    [Symbol.asyncDispose]: async () => client.dispose(),
  };
}

export interface EventPage {
  nodes: FileEvent[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string };
}

export const eventPageQuery = `query ($on: ID!, $after: String, $first: Int) {
  fileEvents(on: $on, after: $after, first: $first) {
    nodes { ${EVENT_FIELDS} } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

/** One page of past events. */
export const readEventPage = async (
  server: Endpoint,
  on: string,
  { key, ...page }: { after?: string; first?: number; key?: string } = {},
): Promise<EventPage> =>
  (await ask<{ fileEvents: EventPage }>(server, eventPageQuery, { on, ...page }, key)).fileEvents;

/** All events after a cursor, read page by page. */
export async function readEvents(
  server: Endpoint,
  on: string,
  { after, key }: { after?: string; key?: string } = {},
): Promise<FileEvent[]> {
  const all: FileEvent[] = [];
  for (let since = after; ; ) {
    const { nodes, pageInfo } = await readEventPage(server, on, {
      first: 100,
      ...(since === undefined ? {} : { after: since }),
      ...(key === undefined ? {} : { key }),
    });
    all.push(...nodes);
    if (!pageInfo.hasNextPage) return all;
    since = pageInfo.endCursor;
  }
}
