import { type Client, type ClientOptions, createClient } from 'graphql-ws';
import { ask, type Endpoint } from './client.ts';

/** An event as the tests of events ask for it. */
export interface Told {
  cursor: string;
  type: string;
  file: { id: string; name: string; available: boolean; status: string | null };
  previousFileId: string | null;
  onId: string;
  actor: { id: string };
  at: string;
  session: string | null;
}

export const EVENT = `
  cursor type file { id name available status } previousFileId onId actor { id } at session
`;

export const eventsOf = (fields = EVENT) =>
  `subscription ($on: ID!, $after: String) { told: fileEvents(on: $on, after: $after) { ${fields} } }`;

/** Where the events of an attachable stand, as its list says. */
export async function cursorOf(server: Endpoint, on: string, key?: string): Promise<string> {
  const query = 'query ($id: ID!) { node(id: $id) { ... on Attachable { files(first: 1) { eventCursor } } } }';
  const { node } = await ask<{ node: { files: { eventCursor: string } } }>(server, query, { id: on }, key);
  return node.files.eventCursor;
}

/** One who hears events one by one. */
export interface Follower<Event = Told> extends AsyncDisposable {
  /** The next event; rejects with the errors that are told instead, or when nothing comes any more. */
  next(): Promise<Event>;
  /** So many events. */
  take(count: number): Promise<Event[]>;
}

export interface FollowOptions {
  /** Where to begin; where the events stand now, unless given. */
  after?: string;
  key?: string;
  /** A subscription of `$on` and `$after` whose field is called `told`; `fileEvents` unless given. */
  query?: string;
  client?: Partial<ClientOptions>;
}

/** A graphql-ws client with a key; it never tries twice. */
export const socketOf = (server: Endpoint, key = server.key, options: Partial<ClientOptions> = {}): Client =>
  createClient({ url: server.wsUrl, connectionParams: { authorization: key }, retryAttempts: 0, ...options });

/** Hears what happens on an attachable after a cursor, over WebSocket. */
export async function follow<Event = Told>(
  server: Endpoint,
  on: string,
  { after, key, query = eventsOf(), client: options }: FollowOptions = {},
): Promise<Follower<Event>> {
  const variables = { on, after: after ?? (await cursorOf(server, on, key)) };
  const client = socketOf(server, key, options);
  // Not `iterate`, which forgets an end that comes before somebody asks for the next.
  const told: Event[] = [];
  let ending: { reason: unknown } | undefined;
  let somethingCame = Promise.withResolvers<void>();
  const end = (reason: unknown) => {
    ending ??= { reason };
    somethingCame.resolve();
  };
  client.subscribe<{ told: Event }>(
    { query, variables },
    {
      next({ data, errors }) {
        if (errors || !data) return end(errors);
        told.push(data.told);
        somethingCame.resolve();
      },
      error: end,
      complete: () => end(new Error(`The subscription to ${on} ended.`)),
    },
  );
  const next = async (): Promise<Event> => {
    for (;;) {
      const event = told.shift();
      if (event) return event;
      if (ending) throw ending.reason;
      somethingCame = Promise.withResolvers();
      await somethingCame.promise;
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

export interface PastPage {
  nodes: Told[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string };
}

export const pastQuery = `query ($on: ID!, $after: String, $first: Int) {
  fileEvents(on: $on, after: $after, first: $first) {
    nodes { ${EVENT} } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

/** One page of what happened. */
export const pastPage = async (
  server: Endpoint,
  on: string,
  { key, ...page }: { after?: string; first?: number; key?: string } = {},
): Promise<PastPage> => (await ask<{ fileEvents: PastPage }>(server, pastQuery, { on, ...page }, key)).fileEvents;

/** Everything that happened after a cursor, page by page. */
export async function past(
  server: Endpoint,
  on: string,
  { after, key }: { after?: string; key?: string } = {},
): Promise<Told[]> {
  const all: Told[] = [];
  for (let since = after; ; ) {
    const { nodes, pageInfo } = await pastPage(server, on, {
      first: 100,
      ...(since === undefined ? {} : { after: since }),
      ...(key === undefined ? {} : { key }),
    });
    all.push(...nodes);
    if (!pageInfo.hasNextPage) return all;
    since = pageInfo.endCursor;
  }
}
