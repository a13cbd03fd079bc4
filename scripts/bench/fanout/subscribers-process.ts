/**
 * Many WebSockets in one process, each with one graphql-transport-ws subscription, that count their
 * messages. Started by `subscribers.ts`, which controls it over IPC.
 */
import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import type { Command, Report } from './subscribers.ts';

/**
 * The number of concurrent handshakes, below Node's backlog of 511: the kernel retries what exceeds
 * it after a second.
 */
const HANDSHAKES = 400;

const report = (message: Report) => process.send?.(message);
const now = () => Number(process.hrtime.bigint()) / 1e6;

let counts = new Uint32Array(0);
let wanted = 0;
let satisfied = 0;
let subscribed = 0;
let sample = '';
let failure: string | undefined;

process.on('message', (command: Command) => {
  if (command.type === 'open') void open(command);
  else if (command.type === 'expect') {
    expect(command.events);
    report({ type: 'ready' });
  } else report({ type: 'state', received: [...counts], failure });
});
process.on('disconnect', () => process.exit());

function expect(events: number): void {
  counts.fill(0);
  satisfied = 0;
  wanted = events;
}

async function open({ url, key, count, query, variables, events }: Extract<Command, { type: 'open' }>): Promise<void> {
  counts = new Uint32Array(count);
  expect(events);
  const init = JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } });
  let next = 0;
  const connect = () => {
    const number = next++;
    if (number >= count) return;
    const socket = new WebSocket(url, 'graphql-transport-ws', { perMessageDeflate: false, skipUTF8Validation: true });
    socket.once('open', () => socket.send(init));
    socket.on('message', (data: Buffer) => {
      if (data.includes('"next"')) receive(number, data);
      else if (data.includes('"connection_ack"')) {
        // A new id for each operation, as graphql-ws does.
        socket.send(JSON.stringify({ id: randomUUID(), type: 'subscribe', payload: { query, variables } }));
        subscribed += 1;
        if (subscribed === count) report({ type: 'subscribed' });
        connect();
      } else failure = String(data);
    });
    socket.once('error', (error) => {
      failure = error.message;
    });
    socket.once('close', (code, reason) => {
      failure ??= `closed with ${code} ${reason}`;
    });
  };
  for (let handshake = 0; handshake < HANDSHAKES; handshake++) connect();
}

function receive(number: number, data: Buffer): void {
  if (number === 0) sample = String(data);
  const count = (counts[number] ?? 0) + 1;
  counts[number] = count;
  if (count !== wanted) return;
  satisfied += 1;
  if (satisfied === counts.length) report({ type: 'delivered', at: now(), sample });
}
