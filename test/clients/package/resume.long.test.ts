import { SubscriptionClient } from 'attache-client/subscriptions';
import { uploadFile as uploadWithPackage } from 'attache-client/uploads';
import { expect, test } from 'vitest';
import { bytesOf } from '../../http/tus/client.ts';
import { ask } from '../../support/client.ts';
import { startCuttingProxy } from '../../support/cutting-proxy.ts';
import { KEY } from '../../support/durability-files.ts';
import { eventSubscription, type FileEvent } from '../../support/events.ts';
import { uploadFile } from '../../support/files.ts';
import { few, testInFull } from '../../support/length.ts';
import { startProcess } from '../../support/process.ts';
import { startTestServer } from '../../support/server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

type Events = { event: FileEvent };

/** A subscription that records the names of its files, and how it ended. */
function record(url: string, key: string) {
  const client = new SubscriptionClient({ url, token: key, retryDelay: () => 5 });
  const received: (string | undefined)[] = [];
  const endings: unknown[] = [];
  client.subscribe<Events>(
    { query: eventSubscription(), variables: { on: 'Task:1' } },
    {
      next: ({ data, errors }) => void received.push(errors ? JSON.stringify(errors) : data?.event.file.name),
      error: (error) => void endings.push(error),
      complete: () => void endings.push('complete'),
    },
  );
  return { client, received, endings, [Symbol.asyncDispose]: () => client[Symbol.asyncDispose]() };
}

const connections = few(15, 400);
/** A handshake and the messages after it have some hundred bytes: cuts fall into each of them. */
const cutAt = (connection: number) => 1 + ((connection * 73) % 1100);

test.each(['sent', 'received'] as const)(
  'a subscription whose connections are cut after each number of %s bytes misses nothing and repeats nothing',
  { timeout: 240_000 },
  async (of) => {
    await using server = await startTestServer();
    const port = Number(new URL(server.url).port);
    let uploads = 0;
    await using proxy = await startCuttingProxy(
      () => port,
      (connection) => (connection > 0 && connection < connections ? { of, bytes: cutAt(connection) } : undefined),
    );
    await using subscription = record(`http://127.0.0.1:${proxy.port}/graphql`, server.key);
    const { client, received, endings } = subscription;
    await expect.poll(() => client.status).toBe('connected');
    proxy.cut();
    while (proxy.connections < connections) {
      await uploadFile(server, 'Task:1', `file ${uploads}`);
      uploads += 1;
      // What has passed all of its bytes would live on.
      if (client.status === 'connected') proxy.cut();
    }
    await uploadFile(server, 'Task:1', 'last');
    await expect.poll(() => received.at(-1)).toBe('last');
    expect(received).toEqual([...Array.from({ length: uploads }, (_, index) => `file ${index}`), 'last']);
    expect(endings).toEqual([]);
  },
);

testInFull(
  'a subscription and an upload continue over kills and restarts of the server',
  { timeout: 240_000 },
  async () => {
    await using folder = await temporaryFolder('resume');
    const env = { DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: KEY };
    let server = await startProcess(env);
    const { port } = new URL(server.url);
    await using subscription = record(server.graphqlUrl, KEY);
    const { client, received, endings } = subscription;
    await expect.poll(() => client.status).toBe('connected');

    const chunkSize = 64 * 1024;
    const size = 40 * chunkSize;
    let sent = 0;
    const upload = uploadWithPackage(
      { url: server.graphqlUrl, token: KEY, maxMultipartSize: 0, chunkSize, retries: 1000, retryDelay: () => 50 },
      new File([bytesOf(size)], 'large'),
      {
        on: 'Task:1',
        onProgress: (bytes) => {
          sent = bytes;
        },
      },
    );
    const expected: string[] = [];
    for (const signal of ['SIGKILL', 'SIGTERM', 'SIGKILL', 'SIGKILL'] as const) {
      const before = sent;
      await expect.poll(() => sent).toBeGreaterThan(before);
      const name = `before ${signal} ${expected.length}`;
      await uploadFile(server, 'Task:1', name);
      expected.push(name);
      await server.end(signal);
      await expect.poll(() => client.status).toBe('reconnecting');
      server = await startProcess({ ...env, PORT: port });
    }
    await using last = server;
    const { id } = await upload;
    expected.push('large');
    await expect.poll(() => received.length).toBe(expected.length);
    expect(new Set(received)).toEqual(new Set(expected));
    expect(endings).toEqual([]);
    const query = 'query ($id: ID!) { node(id: $id) { ... on File { size } } }';
    expect(await ask(last, query, { id })).toEqual({ node: { size } });
  },
);
