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
  received: Message[];
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
  const received: Message[] = [];
  let arrival = Promise.withResolvers<void>();
  socket.on('message', (data) => {
    received.push(JSON.parse(String(data)));
    arrival.resolve();
    arrival = Promise.withResolvers();
  });
  const sendMessage = (message: object) => socket.send(JSON.stringify(message));
  sendMessage({ type: 'connection_init', payload: { authorization: key } });
  await Promise.race([arrival.promise, closed]);
  return {
    socket,
    received,
    closed,
    subscribe: (id, query, variables = {}) => sendMessage({ id, type: 'subscribe', payload: { query, variables } }),
    complete: (id) => sendMessage({ id, type: 'complete' }),
    async next(id) {
      for (;;) {
        const index = received.findIndex((message) => message.id === id);
        if (index >= 0) return received.splice(index, 1)[0] as Message;
        const waiting = arrival.promise;
        await waiting;
      }
    },
    async [Symbol.asyncDispose]() {
      socket.terminate();
      await closed;
    },
  };
}
