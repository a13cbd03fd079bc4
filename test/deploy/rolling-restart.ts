import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { freePorts } from '../../scripts/support/ports.ts';
import { bytesOf, sha256, uploadByTus } from '../http/tus/client.ts';
import { type Endpoint, endpointOf } from '../support/client.ts';
import { cursorOf, readEvents } from '../support/events.ts';
import { uploadQuery } from '../support/files.ts';
import { type ServerProcess, startProcess } from '../support/process.ts';
import type { ReverseProxy } from '../support/reverse-proxy.ts';
import { ADMIN_KEY } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { subscribeByEventStream, subscribeByWebSocket } from './resuming-subscriber.ts';

const MINUTE = 60_000;
const MIB = 1024 * 1024;
const TASK = 'Task:1';

/** Into how many pieces a slow upload divides its body, and how long it waits after each. */
const PIECES = 100;
const PIECE_MS = 30;

/** Uploads a file as a form over a connection of its own, slowly, and never repeats a request. */
async function uploadForm({ graphqlUrl, key }: Endpoint, name: string, content: Buffer<ArrayBuffer>): Promise<void> {
  const form = new FormData();
  const variables = { id: TASK, files: [null] };
  form.set('operations', JSON.stringify({ query: uploadQuery(TASK), variables }));
  form.set('map', '{"0":["variables.files.0"]}');
  form.set('0', new File([content], name), name);
  const encoded = new Response(form);
  const body = Buffer.from(await encoded.arrayBuffer());
  const sending = request(graphqlUrl, {
    method: 'POST',
    agent: false,
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': encoded.headers.get('content-type') as string,
      'content-length': body.length,
    },
  });
  const answered = once(sending, 'response');
  const size = Math.max(Math.ceil(body.length / PIECES), 16 * 1024);
  for (let at = 0; at < body.length; at += size) {
    // As fast as the proxy and the server read, so that a failure is seen while sending, too.
    if (!sending.write(body.subarray(at, at + size))) await Promise.race([once(sending, 'drain'), answered]);
    await pause(PIECE_MS);
  }
  sending.end();
  const [response] = await answered;
  const answer = await text(response);
  if (response.statusCode !== 200 || !answer.includes(sha256(content)) || answer.includes('"message"'))
    throw new Error(`${name}: ${response.statusCode} ${answer.slice(0, 300)}`);
}

/** Uploads by tus, and compares what can be downloaded. */
async function uploadResumably(server: Endpoint, filename: string, content: Buffer, chunkSize: number): Promise<void> {
  const { fileId } = await uploadByTus(server, content, { filename, on: TASK }, { chunkSize });
  const path = `${server.url}/files/${fileId?.replace('File:', '')}/content`;
  const sent = await fetch(path, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
  const received = sha256(Buffer.from(await sent.arrayBuffer()));
  if (received !== sha256(content)) throw new Error(`${filename}: ${sent.status}, and other bytes were downloaded.`);
}

/**
 * The requests that the proxy answered with a status of the server or of its own of 500 or more.
 */
const failuresLogged = async (proxy: ReverseProxy) =>
  (await proxy.logged()).split('\n').filter((line) => /"status":5\d\d| \/\S* 5\d\d /.test(line));

/**
 * Throws when a process may not open enough files. Node raises the soft limit to the hard one, and
 * the proxies and servers inherit it. A proxy has two sockets for each subscriber.
 */
async function assertOpenFiles(subscribers: number): Promise<void> {
  const [, hard] = /^Max open files +\d+ +(\d+)/m.exec(await readFile('/proc/self/limits', 'utf8')) ?? [];
  const needed = 2 * subscribers + 200;
  if (Number(hard) < needed)
    throw new Error(
      `${subscribers} subscribers need ${needed} open files, and the limit is ${hard}: ulimit -n ${needed}`,
    );
}

export interface RestartOptions {
  startProxy(ports: readonly number[]): Promise<ReverseProxy>;
  subscribers: { webSockets: number; eventStreams: number };
  /** Settings of the servers, besides those that they need. */
  env?: Record<string, string>;
}

/**
 * Restarts two servers behind a proxy, one after the other, while files of up to 100 MiB are
 * uploaded. Fails when an upload fails, or a subscriber misses an event, or receives one twice.
 */
export async function restartBehindProxy({ startProxy, subscribers: counts, env }: RestartOptions): Promise<void> {
  await assertOpenFiles(counts.webSockets + counts.eventStreams);
  await using folder = await temporaryFolder('rolling');
  await using stack = new AsyncDisposableStack();
  const ports = await freePorts(2);
  const settings = {
    DATA_DIR: folder.path,
    ATTACHE_ADMIN_KEY: ADMIN_KEY,
    ATTACHE_SECRET: 'the same on both servers',
    MAX_CONNECTIONS_PER_USER: '2000',
    // Above 500: until it notices that a connection has ended, a server counts it beside its
    // successor.
    MAX_SUBSCRIPTIONS_PER_USER: '2000',
    MAX_SUBSCRIPTIONS_PER_KEY: '2000',
    TRUSTED_PROXIES: 'loopback',
    ...env,
  };
  const start = async (port: number) => stack.use(await startProcess({ ...settings, PORT: String(port) }));
  const servers = new Map<number, ServerProcess>();
  for (const port of ports) servers.set(port, await start(port));
  const proxy = stack.use(await startProxy(ports));
  const server = endpointOf(`${proxy.url}/graphql`, ADMIN_KEY);
  const after = await cursorOf(server, TASK);
  const subscribers = [
    ...Array.from({ length: counts.webSockets }, () => subscribeByWebSocket(server, TASK, after)),
    ...Array.from({ length: counts.eventStreams }, () => subscribeByEventStream(server, TASK, after)),
  ];
  const clients = stack.use(new AsyncDisposableStack());
  for (const subscriber of subscribers) clients.use(subscriber);
  await expect.poll(() => subscribers.every(({ connections }) => connections() > 0), { timeout: MINUTE }).toBe(true);

  let isRunning = true;
  const uploaded: string[] = [];
  const failed: unknown[] = [];
  const repeat = async (prefix: string, upload: (name: string) => Promise<unknown>) => {
    for (let index = 0; isRunning; index++) {
      const name = `${prefix}-${index}.bin`;
      await upload(name).then(
        () => uploaded.push(name),
        (error) => failed.push(error),
      );
    }
  };
  const [content, large] = [bytesOf(1_500_000), bytesOf(100 * MIB)];
  const uploads = [
    ...[1, 2, 3].map((worker) => repeat(`small${worker}`, (name) => uploadForm(server, name, Buffer.from(name)))),
    ...[1, 2].map((worker) => repeat(`slow${worker}`, (name) => uploadForm(server, name, content))),
    ...[1, 2].map((worker) => repeat(`tus${worker}`, (name) => uploadResumably(server, name, content, 100_000))),
    repeat('large', (name) => uploadForm(server, name, large)),
    repeat('largeTus', (name) => uploadResumably(server, name, large, 8 * MIB)),
  ];
  try {
    for (const port of ports) {
      await pause(2000);
      await proxy.setDown?.(port, true);
      expect(await servers.get(port)?.end('SIGTERM')).toEqual({ code: 0, signal: null });
      servers.set(port, await start(port));
      await proxy.setDown?.(port, false);
    }
    await pause(2000);
  } finally {
    isRunning = false;
    await Promise.all(uploads);
  }
  expect(failed.map(String)).toEqual([]);
  expect(await failuresLogged(proxy)).toEqual([]);
  for (const prefix of ['large-', 'largeTus-']) expect(uploaded.some((name) => name.startsWith(prefix))).toBe(true);

  const events = await readEvents(server, TASK, { after });
  expect(events.map(({ file }) => file.name).sort()).toEqual(uploaded.sort());
  expect(uploaded.length).toBeGreaterThan(20);
  const expected = events.map(({ cursor }) => cursor);
  await expect
    .poll(
      () =>
        subscribers
          .filter(({ received }) => received.length < expected.length)
          .map(({ transport, received, failures, connections }) => {
            return { transport, received: received.length, connections: connections(), failures };
          }),
      { timeout: MINUTE },
    )
    .toEqual([]);
  for (const { received, failures } of subscribers) {
    expect(failures).toEqual([]);
    expect(received).toEqual(expected);
  }
  // Both restarts took their subscribers along.
  expect(subscribers.every(({ connections }) => connections() > 1)).toBe(true);
  console.log(`${uploaded.length} uploads, ${expected.length} events for each of ${subscribers.length} subscribers`);
  await clients.disposeAsync();
  const endings = await Promise.all([...servers.values()].map((one) => one.end('SIGTERM')));
  expect(endings.map(({ code }) => code)).toEqual([0, 0]);
}
