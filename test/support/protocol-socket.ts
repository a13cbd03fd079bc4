import { once } from 'node:events';
import WebSocket from 'ws';

export interface Message {
  id?: string;
  type: string;
  payload?: unknown;
}

/** An authenticated WebSocket whose messages the test writes and reads itself. */
export interface ProtocolSocket extends AsyncDisposable {
  socket: WebSocket;
  heard: Message[];
  subscribe(id: string, query: string, variables?: object): void;
  complete(id: string): void;
  /** The first message of an operation that was not returned before. */
  next(id: string): Promise<Message>;
  /** The code with which the server closes it. */
  closed: Promise<number>;
}

/**
 * Opens a WebSocket and sends `connection_init`. Resolves when the server has answered or closed
 * it.
 */
export async function openProtocolSocket({ graphqlUrl }: { graphqlUrl: string }, key: string): Promise<ProtocolSocket> {
  const socket = new WebSocket(graphqlUrl.replace('http', 'ws'), 'graphql-transport-ws');
  socket.on('error', () => {});
  const closed = once(socket, 'close').then(([code]) => code as number);
  await once(socket, 'open');
  const heard: Message[] = [];
  let came = Promise.withResolvers<void>();
  socket.on('message', (data) => {
    heard.push(JSON.parse(String(data)));
    came.resolve();
    came = Promise.withResolvers();
  });
  const say = (message: object) => socket.send(JSON.stringify(message));
  say({ type: 'connection_init', payload: { authorization: key } });
  await Promise.race([came.promise, closed]);
  return {
    socket,
    heard,
    closed,
    subscribe: (id, query, variables = {}) => say({ id, type: 'subscribe', payload: { query, variables } }),
    complete: (id) => say({ id, type: 'complete' }),
    async next(id) {
      for (;;) {
        const index = heard.findIndex((message) => message.id === id);
        if (index >= 0) return heard.splice(index, 1)[0] as Message;
        const waiting = came.promise;
        await waiting;
      }
    },
    async [Symbol.asyncDispose]() {
      socket.terminate();
      await closed;
    },
  };
}
