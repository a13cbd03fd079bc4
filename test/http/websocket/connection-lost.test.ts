import { EventEmitter } from 'node:events';
import type { Server } from 'graphql-ws';
import { expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { BodyBudget } from '../../../src/http/body/body-budget.ts';
import type { Connection } from '../../../src/http/websocket/connection.ts';
import { runProtocol } from '../../../src/http/websocket/transport.ts';

/** A socket whose `send` fails with an error code of the operating system. */
class FailingSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  protocol = 'graphql-transport-ws';
  ended = '';
  readonly #code: string;
  constructor(code: string) {
    super();
    this.#code = code;
  }
  send(_data: string, done: (error: Error) => void) {
    done(Object.assign(new Error(`write ${this.#code}`), { code: this.#code }));
  }
  pause() {}
  resume() {}
  close(code: number) {
    this.ended = `closed with ${code}`;
  }
  terminate() {
    this.ended = 'terminated';
  }
}

/** Handles a message with `take`, and returns the log lines and how the connection ended. */
async function handle(take: (send: (data: string) => Promise<void> | void) => Promise<void>, code: string) {
  const socket = new FailingSocket(code);
  const lines: { level: string; details: object; message: string }[] = [];
  const write = (level: string) => (details: object, message: string) => lines.push({ level, details, message });
  const log = { info: write('info'), warn: write('warn'), error: write('error') };
  const protocol = {
    opened({ send, onMessage }: { send(data: string): Promise<void>; onMessage(take: unknown): void }) {
      onMessage(() => take(send));
      return async () => {};
    },
  };
  const extra = { socket: socket as unknown as WebSocket, activeMessages: 0, messageBytes: 0 } as Connection;
  runProtocol(protocol as unknown as Server<Connection>, extra, { budget: new BodyBudget(), log });
  socket.emit('message', Buffer.from('{}'), false);
  await expect.poll(() => socket.ended).not.toBe('');
  socket.emit('close', 1006, '');
  return { lines, ended: socket.ended };
}

test.each(['EPIPE', 'ECONNRESET', 'ECANCELED'])(
  'a WebSocket client that disconnects while its response is sent (%s) is logged at info, without a stack',
  async (code) => {
    const { lines, ended } = await handle(async (send) => send('{}'), code);
    expect(lines).toEqual([
      {
        level: 'info',
        details: { reason: `write ${code}` },
        message: 'a WebSocket client disconnected before its response was sent',
      },
    ]);
    expect(ended).toBe('terminated');
  },
);

test('a database that resets its connection while a WebSocket message is handled is logged as an error', async () => {
  const fault = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  const { lines, ended } = await handle(() => Promise.reject(fault), 'EPIPE');
  expect(lines).toEqual([
    { level: 'error', details: { err: fault }, message: 'a WebSocket message could not be handled' },
  ]);
  expect(ended).toBe('closed with 1013');
});
