import { once } from 'node:events';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { attachAll, type Crowd, createCrowd } from '../../support/crowd.ts';
import { uploadFile } from '../../support/files.ts';
import { type FileAddedSubscriber, subscribeToFileAdded } from '../../support/live.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { eventsOf } from '../../support/sse.ts';

/** Selects some 20 KiB per event, so that thousands exceed the buffers between two sockets. */
const aliases = Array.from({ length: 250 }, (_, index) => `sha256_${index}: sha256`).join(' ');
const heavy = `subscription Heavy($on: ID!) { fileAdded(on: $on) { file { id ${aliases} } } }`;

test('subscribers that stop reading do not delay the events of others, and the server stays ready', async () => {
  await using server = await startTestServer({ MAX_FILES: '100' });
  const crowd = await createCrowd(server, { tasks: 30, files: 100 });
  const stalled = [await stall(server, crowd), await stall(server, crowd)];
  await using listener = await subscribeToFileAdded(server, crowd.projectId, { at: crowd.probeTaskId });

  for (const taskId of crowd.taskIds) {
    const expected = await attachAll(server, crowd, [taskId]);
    expect(await receive(listener, expected.length)).toEqual(expected);
  }

  for (const socket of stalled) socket.terminate();
  expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
  await uploadFile(server, crowd.probeTaskId, { name: 'after.txt', content: 'after' });
  expect((await listener.next()).file.name).toBe('after.txt');
});

test('a subscriber that reads late receives all events in order', async () => {
  await using server = await startTestServer({ MAX_FILES: '100' });
  const crowd = await createCrowd(server, { tasks: 30, files: 100 });
  const response = await subscribeBySse(server, crowd.projectId);
  for (const taskId of crowd.taskIds) await attachAll(server, crowd, [taskId]);

  const received: string[] = [];
  for await (const { data } of eventsOf(response)) {
    received.push(JSON.parse(data).data.fileAdded.file.id);
    if (received.length === crowd.taskIds.length * crowd.fileIds.length) break;
  }
  expect(received).toEqual(received.map((_, index) => crowd.fileIds[index % crowd.fileIds.length]));
});

test('a subscriber that reads continuously receives the events of all files of one request', async () => {
  await using server = await startTestServer({ MAX_FILES: '100' });
  const crowd = await createCrowd(server, { tasks: 30, files: 100 });
  await using listener = await subscribeToFileAdded(server, crowd.projectId, { at: crowd.probeTaskId });
  const receiving = receive(listener, 3000);
  receiving.catch(() => {}); // it is awaited below, where a rejection fails the test
  const expected = await attachAll(server, crowd, crowd.taskIds);
  expect(await receiving).toEqual(expected);
});

async function receive(listener: FileAddedSubscriber, count: number): Promise<string[]> {
  const received: string[] = [];
  while (received.length < count) {
    const { file, on } = await listener.next();
    received.push(`${file.id} on ${on?.id}`);
  }
  return received;
}

/** Subscribes, and reads nothing once the subscription is open. */
async function stall(server: TestServer, { projectId, probeTaskId }: Crowd): Promise<WebSocket> {
  const socket = new WebSocket(server.wsUrl, 'graphql-transport-ws');
  socket.on('error', () => {});
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: server.key } }));
  await once(socket, 'message');
  const payload = { query: heavy, variables: { on: projectId } };
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
  let isOpen = false;
  socket.once('message', () => {
    isOpen = true;
  });
  while (!isOpen) await uploadFile(server, probeTaskId, { name: 'probe.txt', content: 'probe' });
  socket.pause();
  return socket;
}

/** Resolves once the subscription is open, and reads nothing of the body. */
function subscribeBySse(server: TestServer, on: string): Promise<Response> {
  return fetch(server.graphqlUrl, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${server.key}`,
      accept: 'text/event-stream',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ query: heavy, variables: { on } }),
  });
}
