import { randomUUID } from 'node:crypto';
import { openProtocolSocket, type ProtocolSocket } from '../../support/protocol-socket.ts';
import type { TestServer } from '../../support/server.ts';
import { eventsOf } from '../../support/sse.ts';

/** An operation with one variable, `input`, which may have files. */
export interface Sent {
  query: string;
  input?: Record<string, unknown>;
}

export interface Answer {
  data?: { result: unknown } | null;
  errors?: { extensions?: { code?: string } }[];
}

const errorOf = (code: string): Answer => ({ errors: [{ extensions: { code } }] });

/** The code of the error, `empty` for a result that is null, or `done`. */
export function outcomeOf({ data, errors }: Answer): string {
  if (errors?.[0]) return errors[0].extensions?.code ?? 'an error without a code';
  return data?.result == null ? 'empty' : 'done';
}

type Files = { name: string; content: string }[];

const withoutFiles = ({ query, input }: Sent) => ({
  query,
  variables: { input: input && 'files' in input ? { ...input, files: [] } : input },
});

const headersOf = (key: string, more: Record<string, string> = {}) => ({ authorization: `Bearer ${key}`, ...more });

async function post({ graphqlUrl }: TestServer, key: string, sent: Sent): Promise<Answer> {
  const headers = headersOf(key, { 'content-type': 'application/json' });
  const response = await fetch(graphqlUrl, { method: 'POST', headers, body: JSON.stringify(withoutFiles(sent)) });
  return (await response.json()) as Answer;
}

async function get({ graphqlUrl }: TestServer, key: string, { query }: Sent): Promise<Answer> {
  const response = await fetch(`${graphqlUrl}?query=${encodeURIComponent(query)}`, { headers: headersOf(key) });
  return (await response.json()) as Answer;
}

async function multipart({ graphqlUrl }: TestServer, key: string, { query, input = {} }: Sent): Promise<Answer> {
  const files = (input.files ?? []) as Files;
  const form = new FormData();
  const variables = { input: 'files' in input ? { ...input, files: files.map(() => null) } : input };
  form.set('operations', JSON.stringify({ query, variables }));
  form.set('map', JSON.stringify(Object.fromEntries(files.map((_, at) => [at, [`variables.input.files.${at}`]]))));
  for (const [at, { name, content }] of files.entries()) form.set(String(at), new File([content], name));
  const headers = headersOf(key, { 'graphql-require-preflight': '1' });
  return (await (await fetch(graphqlUrl, { method: 'POST', headers, body: form })).json()) as Answer;
}

async function sse({ graphqlUrl }: TestServer, key: string, sent: Sent): Promise<Answer> {
  const controller = new AbortController();
  const response = await fetch(graphqlUrl, {
    method: 'POST',
    headers: headersOf(key, { 'content-type': 'application/json', accept: 'text/event-stream' }),
    body: JSON.stringify(withoutFiles(sent)),
    signal: controller.signal,
  });
  try {
    if (!response.headers.get('content-type')?.startsWith('text/event-stream'))
      return (await response.json()) as Answer;
    for await (const { data } of eventsOf(response)) return JSON.parse(data) as Answer;
    return errorOf('an empty stream');
  } finally {
    controller.abort();
  }
}

async function webSocket(server: TestServer, key: string, sent: Sent, sockets: Sockets): Promise<Answer> {
  const socket = await sockets.of(server, key);
  if (!socket) return errorOf('UNAUTHENTICATED');
  const id = randomUUID();
  const { query, variables } = withoutFiles(sent);
  socket.subscribe(id, query, variables);
  const { type, payload } = await socket.next(id);
  if (type === 'next') socket.complete(id);
  return type === 'error' ? { errors: payload as Answer['errors'] & object } : (payload as Answer);
}

/** One open WebSocket of each key. */
export class Sockets implements AsyncDisposable {
  readonly #open = new Map<string, ProtocolSocket>();

  /** Undefined when the server refuses the key. */
  async of(server: TestServer, key: string): Promise<ProtocolSocket | undefined> {
    const socket = this.#open.get(key) ?? (await openProtocolSocket(server, key));
    this.#open.set(key, socket);
    if (socket.socket.readyState === socket.socket.OPEN) return socket;
    const code = await socket.closed;
    if (code !== 4401 && code !== 4403) throw new Error(`The WebSocket was closed with ${code}.`);
    return undefined;
  }

  async [Symbol.asyncDispose]() {
    for (const socket of this.#open.values()) await socket[Symbol.asyncDispose]();
  }
}

export type Send = (server: TestServer, key: string, sent: Sent, sockets: Sockets) => Promise<Answer>;

/** How each kind of operation can be sent. */
export const transports: Readonly<Record<'query' | 'mutation' | 'subscription', Readonly<Record<string, Send>>>> = {
  query: { POST: post, GET: get, multipart, SSE: sse, WebSocket: webSocket },
  mutation: { POST: post, multipart, SSE: sse, WebSocket: webSocket },
  subscription: { SSE: sse, WebSocket: webSocket },
};
