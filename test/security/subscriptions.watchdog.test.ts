import { expect, test } from 'vitest';
import { askWithFiles } from '../support/client.ts';
import { newPerson } from '../support/people.ts';
import { startProcess } from '../support/process.ts';
import { openProtocolSocket, type ProtocolSocket } from '../support/protocol-socket.ts';
import { ADMIN_KEY } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { expectResponsive, underWatch } from '../support/watchdog.ts';

/** A subscription whose events take some milliseconds to execute. */
const heavy = (index: number, fields: number) => {
  const aliases = Array.from({ length: fields }, (_, alias) => `a${alias}: name`).join(' ');
  return `subscription { event: fileEvents(on: "Task:1") { i${index}: cursor file { ${aliases} } } }`;
};

const upload = `mutation ($files: [Upload!]!) {
  uploadTaskFiles(input: { taskId: "Task:1", files: $files }) { files { id } errors { message } }
}`;

async function start(env: Record<string, string>) {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder('subscriptions'));
  const server = stack.use(await startProcess({ DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: ADMIN_KEY, ...env }));
  const mallory = await newPerson(server, 'Mallory', { role: 'VIEWER' });
  const moved = stack.move();
  return { server, mallory, [Symbol.asyncDispose]: () => moved.disposeAsync() };
}

/** Opens `count` distinct subscriptions, ninety per socket, and returns the sockets. */
async function subscribeAll(
  server: { graphqlUrl: string },
  key: string,
  count: number,
  query: (index: number) => string,
): Promise<ProtocolSocket[]> {
  const sockets: ProtocolSocket[] = [];
  for (let index = 0; index < count; index += 90) {
    const socket = await openProtocolSocket(server, key);
    for (let own = index; own < Math.min(count, index + 90); own++) socket.subscribe(`${own}`, query(own));
    socket.subscribe('after', '{ viewer { id } }');
    await socket.next('after');
    sockets.push(socket);
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
  return sockets;
}

const files = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `${'n'.repeat(200)}${index}`, content: 'x' }));

test('600 distinct subscriptions of one user do not delay uploads, other subscribers or other users', async () => {
  await using attacked = await start({
    MAX_DISTINCT_SUBSCRIPTIONS_PER_USER: '1000',
    MAX_DISTINCT_SUBSCRIPTIONS_PER_KEY: '1000',
    MAX_SUBSCRIPTIONS_PER_KEY: '1000',
  });
  const { server, mallory } = attacked;
  const sockets = await subscribeAll(server, mallory.key, 600, (index) => heavy(index, 300));
  // A subscriber that shares no execution with them receives its events early.
  await using other = await openProtocolSocket(server, ADMIN_KEY);
  other.subscribe('own', 'subscription { fileEvents(on: "Task:1") { file { name } } }');
  const watched = await underWatch(server, ADMIN_KEY, async () => {
    const answers: number[] = [];
    let receivedMs = 0;
    for (let round = 0; round < 3; round++) {
      const since = performance.now();
      const own = other.next('own').then(() => {
        receivedMs = Math.max(receivedMs, performance.now() - since);
      });
      await askWithFiles(server, upload, {}, files(1));
      answers.push(performance.now() - since);
      await own;
    }
    // Every subscriber eventually receives all events in order.
    for (const [index, socket] of sockets.entries())
      for (let round = 0; round < 3; round++) expect((await socket.next(`${index * 90}`)).type).toBe('next');
    return { slowestAnswerMs: Math.max(...answers), receivedMs };
  });
  for (const { socket } of sockets) socket.terminate();
  expectResponsive(watched);
  expect(watched.result.slowestAnswerMs).toBeLessThan(1000);
  expect(watched.result.receivedMs).toBeLessThan(1000);
});

test('the maximum of heavy subscriptions that are never read does not affect other users', async () => {
  await using attacked = await start({ MAX_FILES: '50' });
  const { server, mallory } = attacked;
  // Each has a query of 8 KiB, and its events have about 200 KB.
  const watched = await underWatch(server, ADMIN_KEY, async () => {
    const sockets = await subscribeAll(server, mallory.key, 100, (index) => heavy(index, 690));
    const refused = sockets.flatMap(({ received }) => received.filter(({ id = 'after' }) => id !== 'after'));
    expect(refused).toEqual([]);
    for (const { socket } of sockets) socket.pause();
    for (let round = 0; round < 2; round++) await askWithFiles(server, upload, {}, files(20));
    await new Promise((resolve) => setTimeout(resolve, 3000));
    for (const { socket } of sockets) socket.terminate();
  });
  expectResponsive(watched);
});
