import { once } from 'node:events';
import { mkdtempDisposable } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { expect, test } from 'vitest';
import { freePorts } from '../../scripts/support/ports.ts';
import { bytesOf, sha256, uploadByTus } from '../http/tus/client.ts';
import { type Endpoint, endpointOf } from '../support/client.ts';
import { cursorOf, eventSubscription, type FileEvent, readEvents } from '../support/events.ts';
import { uploadQuery } from '../support/files.ts';
import { startNginx } from '../support/nginx.ts';
import { type ServerProcess, startProcess } from '../support/process.ts';
import { isInstalled } from '../support/programs.ts';
import { ADMIN_KEY } from '../support/server.ts';

const SUBSCRIBERS = 300;
const MINUTES = 60_000;

/** A subscriber as an application has one: it reconnects, and resumes after its last event. */
function subscribe({ wsUrl, key }: Endpoint, after: string) {
  const received: string[] = [];
  const failures: unknown[] = [];
  let connections = 0;
  const client = createClient({
    url: wsUrl,
    connectionParams: { authorization: `Bearer ${key}` },
    retryAttempts: 100,
    retryWait: () => pause(50 + Math.random() * 200),
    on: {
      connected() {
        connections += 1;
      },
    },
  });
  const payload = { query: eventSubscription('cursor'), variables: { on: 'Task:1', after } };
  client.subscribe<{ event: FileEvent }>(payload, {
    next({ data, errors }) {
      if (errors) failures.push(errors);
      const cursor = data?.event.cursor;
      if (cursor === undefined) return;
      payload.variables.after = cursor;
      received.push(cursor);
    },
    error: (error) => failures.push(error),
    complete() {},
  });
  return { received, failures, connections: () => connections, dispose: () => client.dispose() };
}

/** Uploads a file as a form over a connection of its own, and never repeats a request. */
async function uploadForm({ graphqlUrl, key }: Endpoint, name: string, content: Buffer<ArrayBuffer>): Promise<void> {
  const form = new FormData();
  const variables = { id: 'Task:1', files: [null] };
  form.set('operations', JSON.stringify({ query: uploadQuery('Task:1'), variables }));
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
  // Slowly, so that uploads are under way when a server stops.
  for (let at = 0; at < body.length; at += 64 * 1024) {
    sending.write(body.subarray(at, at + 64 * 1024));
    await pause(20);
  }
  sending.end();
  const [response] = await answered;
  const answer = await text(response);
  if (response.statusCode !== 200 || !answer.includes(name) || answer.includes('"message"'))
    throw new Error(`${name}: ${response.statusCode} ${answer.slice(0, 300)}`);
}

test.runIf(isInstalled('nginx'))(
  'a rolling restart behind nginx fails no upload, and loses, repeats and reorders no event',
  { timeout: 8 * MINUTES },
  async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'attache-rolling-'));
    const ports = await freePorts(2);
    const env = {
      DATA_DIR: folder.path,
      ATTACHE_ADMIN_KEY: ADMIN_KEY,
      ATTACHE_SECRET: 'the same on both servers',
      MAX_CONNECTIONS_PER_USER: '2000',
      TRUSTED_PROXIES: 'loopback',
    };
    const start = (port: number) => startProcess({ ...env, PORT: String(port) });
    const servers = new Map<number, ServerProcess>();
    for (const port of ports) servers.set(port, await start(port));
    await using nginx = await startNginx(ports);
    const server = endpointOf(`${nginx.url}/graphql`, ADMIN_KEY);
    const after = await cursorOf(server, 'Task:1');
    const subscribers = Array.from({ length: SUBSCRIBERS }, () => subscribe(server, after));
    await expect.poll(() => subscribers.every(({ connections }) => connections() > 0), { timeout: MINUTES }).toBe(true);

    let isRunning = true;
    const uploaded: string[] = [];
    const failed: unknown[] = [];
    const repeat = async (upload: (name: string) => Promise<unknown>, prefix: string) => {
      for (let index = 0; isRunning; index++) {
        const name = `${prefix}-${index}.bin`;
        await upload(name).then(
          () => uploaded.push(name),
          (error) => failed.push(error),
        );
      }
    };
    const content = bytesOf(1_500_000);
    const sums = new Set<string>();
    const uploads = [
      ...[1, 2, 3].map((worker) => repeat((name) => uploadForm(server, name, Buffer.from(name)), `small${worker}`)),
      ...[1, 2].map((worker) => repeat((name) => uploadForm(server, name, content), `slow${worker}`)),
      ...[1, 2].map((worker) =>
        repeat(async (filename) => {
          const { fileId } = await uploadByTus(server, content, { filename, on: 'Task:1' }, { chunkSize: 100_000 });
          const path = `${server.url}/files/${fileId?.replace('File:', '')}/content`;
          const sent = await fetch(path, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
          sums.add(sha256(Buffer.from(await sent.arrayBuffer())));
        }, `tus${worker}`),
      ),
    ];
    try {
      for (const port of ports) {
        await pause(2000);
        await nginx.setDown(port, true);
        expect(await servers.get(port)?.end('SIGTERM')).toEqual({ code: 0, signal: null });
        servers.set(port, await start(port));
        await nginx.setDown(port, false);
      }
      await pause(2000);
    } finally {
      isRunning = false;
    }
    await Promise.all(uploads);
    expect(failed).toEqual([]);
    expect([...sums]).toEqual([sha256(content)]);

    const events = await readEvents(server, 'Task:1', { after });
    expect(events.map(({ file }) => file.name).sort()).toEqual(uploaded.sort());
    expect(uploaded.length).toBeGreaterThan(20);
    const expected = events.map(({ cursor }) => cursor);
    await expect
      .poll(() => subscribers.filter(({ received }) => received.length < expected.length).length, { timeout: MINUTES })
      .toBe(0);
    for (const { received, failures } of subscribers) {
      expect(failures).toEqual([]);
      expect(received).toEqual(expected);
    }
    // Both restarts took their subscribers along.
    expect(subscribers.every(({ connections }) => connections() > 1)).toBe(true);
    for (const { dispose } of subscribers) await dispose();
    for (const one of servers.values()) expect(await one.end('SIGTERM')).toMatchObject({ code: 0 });
    console.log(`${uploaded.length} uploads, ${expected.length} events for each of ${SUBSCRIBERS} subscribers`);
  },
);
