import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConnectionError } from 'attache-client/errors';
import { uploadByTus } from 'attache-client/tus';
import { executeUpload, type UploadServer, uploadFile } from 'attache-client/uploads';
import { expect, test } from 'vitest';
import { bytesOf } from '../../http/tus/client.ts';
import { ask } from '../../support/client.ts';
import { startCuttingProxy } from '../../support/cutting-proxy.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

/** The bytes of one request by tus. */
const CHUNK = 256 * 1024;
const fileOf = (name: string, size: number) => new File([bytesOf(size)], name, { type: 'application/x-test' });
const target = (server: TestServer, options: Partial<UploadServer> = {}): UploadServer => ({
  url: server.graphqlUrl,
  token: server.key,
  retryDelay: () => 10,
  ...options,
});

interface Stored {
  name: string;
  size: number;
  sha256: string;
  attachedTo: { id: string }[];
}
const stored = async (server: TestServer, id: string) =>
  (
    await ask<{ node: Stored }>(
      server,
      'query ($id: ID!) { node(id: $id) { ... on File { name size sha256 attachedTo { id } } } }',
      { id },
    )
  ).node;

const uploadsOf = async (server: TestServer) =>
  (
    await ask<{ task: { files: { nodes: { name: string }[] } } }>(
      server,
      '{ task(id: "Task:1") { files(first: 50) { nodes { name } } } }',
    )
  ).task.files.nodes.map(({ name }) => name);

test.each([
  ['a multipart request', 1000, 'Task:1'],
  ['tus', 1000, 'Task:1'],
  ['a multipart request', 0, 'Contact:1'],
  ['tus', 0, 'Contact:1'],
  ['a multipart request', 10, undefined],
  ['tus', 3 * CHUNK + 1, undefined],
])('a file is uploaded by %s: %i bytes to %s', async (way, size, on) => {
  await using server = await startTestServer();
  const sent: number[] = [];
  const options = way === 'tus' ? { maxMultipartSize: -1, chunkSize: CHUNK } : {};
  const { id } = await uploadFile(target(server, options), fileOf('Grüße.bin', size), {
    on,
    onProgress: (bytes, total) => sent.push(bytes, total),
  });
  expect(await stored(server, id)).toEqual({
    name: 'Grüße.bin',
    size,
    sha256: createHash('sha256').update(bytesOf(size)).digest('hex'),
    attachedTo: on ? [{ id: on }] : [],
  });
  expect([sent[0], sent.at(-2), sent.at(-1)]).toEqual([0, size, size]);
});

test('an upload by tus continues after its connection was cut, and sends no byte of a stored chunk again', async () => {
  await using server = await startTestServer();
  const cuts = [500, 2 * CHUNK, 400_000];
  const port = Number(new URL(server.url).port);
  await using proxy = await startCuttingProxy(
    () => port,
    (connection) => (cuts[connection] === undefined ? undefined : { of: 'sent', bytes: cuts[connection] }),
  );
  const url = `http://127.0.0.1:${proxy.port}/graphql`;
  const sent: number[] = [];
  const file = fileOf('large.bin', 6 * CHUNK);
  const at = target(server, { url, chunkSize: CHUNK, maxMultipartSize: CHUNK });
  const { id } = await uploadFile(at, file, {
    on: 'Task:1',
    onProgress: (bytes) => sent.push(bytes),
  });
  expect(await stored(server, id)).toMatchObject({ size: 6 * CHUNK, attachedTo: [{ id: 'Task:1' }] });
  expect(proxy.connections).toBeGreaterThan(3);
  expect(sent).toEqual([...sent].sort((a, b) => a - b));
  expect(await uploadsOf(server)).toEqual(['large.bin']);
});

test('a chunk that a browser sent twice after a lost connection is stored once', async () => {
  await using server = await startTestServer();
  const original = globalThis.fetch;
  using _ = { [Symbol.dispose]: () => Object.assign(globalThis, { fetch: original }) };
  globalThis.fetch = async (...request) => {
    const response = await original(...request);
    return request[1]?.method === 'PATCH' ? original(...request) : response;
  };
  const at = target(server, { chunkSize: CHUNK, maxMultipartSize: 0 });
  const { id } = await uploadFile(at, fileOf('large.bin', 3 * CHUNK), { on: 'Task:1' });
  expect(await stored(server, id)).toMatchObject({ size: 3 * CHUNK });
});

test('a small upload whose response was lost is repeated, and stored once', async () => {
  await using server = await startTestServer();
  const port = Number(new URL(server.url).port);
  await using proxy = await startCuttingProxy(
    () => port,
    (connection) => (connection < 2 ? { of: 'received', bytes: 1 } : undefined),
  );
  const url = `http://127.0.0.1:${proxy.port}/graphql`;
  await uploadFile(target(server, { url }), fileOf('small.bin', 1000), { on: 'Task:1' });
  expect(proxy.connections).toBe(3);
  expect(await uploadsOf(server)).toEqual(['small.bin']);
});

/** What a page keeps over a reload. */
function memoryStorage() {
  const items = new Map<string, string>();
  const storage = {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  };
  return { items, storage };
}

/** Deletes an upload, as the server does when it expires. */
const expire = async (server: TestServer, url: string) => {
  const headers = { 'tus-resumable': '1.0.0', authorization: `Bearer ${server.key}` };
  expect((await fetch(url, { method: 'DELETE', headers })).status).toBe(204);
};

test('an unfinished upload is resumed after a reload, with a storage', async () => {
  await using server = await startTestServer();
  const { items, storage } = memoryStorage();
  const leaving = new AbortController();
  const at = target(server, { storage, chunkSize: CHUNK, maxMultipartSize: 0 });
  const file = fileOf('large.bin', 4 * CHUNK);
  const first = uploadFile(at, file, {
    on: 'Task:1',
    signal: leaving.signal,
    onProgress: (sent) => sent >= 2 * CHUNK && leaving.abort(new Error('The page was closed.')),
  });
  await expect(first).rejects.toThrow('The page was closed.');
  expect(items.size).toBe(1);
  const sent: number[] = [];
  await uploadFile(at, file, { on: 'Task:1', onProgress: (bytes) => sent.push(bytes) });
  expect(sent).toEqual([2 * CHUNK, 3 * CHUNK, 4 * CHUNK]);
  expect(items.size).toBe(0);
  expect(await uploadsOf(server)).toEqual(['large.bin']);
});

test('an upload that expired before the reload begins again', async () => {
  await using server = await startTestServer();
  const { items, storage } = memoryStorage();
  const leaving = new AbortController();
  const at = target(server, { storage, chunkSize: CHUNK, maxMultipartSize: 0, retries: 0 });
  const file = fileOf('large.bin', 3 * CHUNK);
  const first = uploadFile(at, file, {
    signal: leaving.signal,
    onProgress: (sent) => sent >= CHUNK && leaving.abort(new Error('The page was closed.')),
  });
  await expect(first).rejects.toThrow('The page was closed.');
  const [url = ''] = items.values();
  await expire(server, url);
  const sent: number[] = [];
  const { id } = await uploadFile(at, file, { onProgress: (bytes) => sent.push(bytes) });
  expect(sent).toEqual([0, CHUNK, 2 * CHUNK, 3 * CHUNK]);
  expect(await stored(server, id)).toMatchObject({ size: 3 * CHUNK });
  expect(items.size).toBe(0);
});

test('an upload that expires between two chunks begins again', async () => {
  await using server = await startTestServer();
  const { items, storage } = memoryStorage();
  const original = globalThis.fetch;
  using _ = { [Symbol.dispose]: () => Object.assign(globalThis, { fetch: original }) };
  let chunks = 0;
  globalThis.fetch = async (...request) => {
    if (request[1]?.method === 'PATCH' && ++chunks === 2) await expire(server, String(request[0]));
    return original(...request);
  };
  const at = target(server, { storage, chunkSize: CHUNK, maxMultipartSize: 0 });
  const { id } = await uploadFile(at, fileOf('large.bin', 3 * CHUNK), { on: 'Task:1' });
  expect(await stored(server, id)).toMatchObject({ size: 3 * CHUNK });
  expect(items.size).toBe(0);
  expect(await uploadsOf(server)).toEqual(['large.bin']);
});

test('an upload that another request has locked continues when it is released', async () => {
  await using server = await startTestServer();
  const original = globalThis.fetch;
  using _ = { [Symbol.dispose]: () => Object.assign(globalThis, { fetch: original }) };
  const methods: string[] = [];
  globalThis.fetch = async (...request) => {
    const method = request[1]?.method ?? '';
    methods.push(method);
    const isLocked = method === 'PATCH' && methods.filter((one) => one === 'PATCH').length <= 2;
    return isLocked ? new Response('', { status: 409 }) : original(...request);
  };
  const at = target(server, { chunkSize: CHUNK, maxMultipartSize: 0 });
  const { id } = await uploadFile(at, fileOf('large.bin', CHUNK), { on: 'Task:1' });
  expect(methods).toEqual(['POST', 'PATCH', 'HEAD', 'HEAD', 'PATCH', 'HEAD', 'HEAD', 'PATCH']);
  expect(await stored(server, id)).toMatchObject({ size: CHUNK });
});

test('an aborted upload without a storage is deleted on the server', async () => {
  await using server = await startTestServer();
  const leaving = new AbortController();
  const upload = uploadFile(target(server, { chunkSize: CHUNK, maxMultipartSize: 0 }), fileOf('a.bin', 4 * CHUNK), {
    signal: leaving.signal,
    onProgress: (sent) => sent >= CHUNK && leaving.abort(),
  });
  await expect(upload).rejects.toThrow('aborted');
  expect((await server.stored()).staging).toEqual([]);
});

test('a refusal is reported with its code, and not repeated', async () => {
  await using server = await startTestServer({ MAX_FILE_SIZE: '1000' });
  for (const maxMultipartSize of [-1, 10_000]) {
    const at = target(server, { maxMultipartSize });
    await expect(uploadFile(at, fileOf('a', 10), { on: 'Task:999' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(uploadFile(at, fileOf('a', 1001))).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    await expect(uploadFile({ ...at, token: 'att_unknown' }, fileOf('a', 10))).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  }
});

test('a token function is called again when the server refuses its token', async () => {
  await using server = await startTestServer();
  for (const maxMultipartSize of [-1, 10_000]) {
    const refusals: boolean[] = [];
    const token = ({ isRefused }: { isRefused: boolean }) => {
      refusals.push(isRefused);
      return isRefused ? server.key : 'att_unknown';
    };
    await uploadFile(target(server, { token, maxMultipartSize }), fileOf('a', 10));
    expect(refusals.slice(0, 2)).toEqual([false, true]);
  }
});

test('a request is repeated after the time that Retry-After names', async () => {
  await using server = await startTestServer();
  let requests = 0;
  const busy = createServer((request, response) => {
    requests += 1;
    request.resume();
    request.once('end', () => response.writeHead(requests === 1 ? 429 : 502, { 'retry-after': '1' }).end('busy'));
  });
  busy.listen(0, '127.0.0.1');
  await once(busy, 'listening');
  const url = `http://127.0.0.1:${(busy.address() as AddressInfo).port}/graphql`;
  const startedAt = Date.now();
  const upload = uploadFile(target(server, { url, retries: 1 }), fileOf('a', 10));
  await expect(upload).rejects.toMatchObject({ status: 502 });
  expect(requests).toBe(2);
  expect(Date.now() - startedAt).toBeGreaterThan(900);
  busy.close();
});

const MUTATION = `
  mutation Upload($task: ID!, $files: [Upload!]!, $first: Int) {
    result: uploadTaskFiles(input: { taskId: $task, files: $files, available: false }) {
      __typename
      ...Added
      ... on UploadedFiles { errors { __typename index filename code } }
      task { id files(first: $first) { nodes { ...Name } } }
    }
  }
  fragment Added on AttachedFiles { filesCount files { ...Name available } }
  fragment Name on File { name }
`;

test('a mutation has the same result by tus as in one request', async () => {
  const results: unknown[] = [];
  for (const maxMultipartSize of [-1, 10_000]) {
    await using server = await startTestServer({ MAX_FILE_SIZE: '1000' });
    const files = [fileOf('one', 10), fileOf('too large', 1001), fileOf('two', 20)];
    const variables = { task: 'Task:1', files, first: 5 };
    results.push(await executeUpload(target(server, { maxMultipartSize }), { query: MUTATION, variables }));
  }
  const withoutMessages = (result: unknown) =>
    JSON.parse(JSON.stringify(result, (key, value) => (key === 'message' ? undefined : value)));
  expect(withoutMessages(results[0])).toEqual(results[1]);
  expect(results[0]).toMatchObject({
    data: {
      result: {
        __typename: 'UploadTaskFilesPayload',
        filesCount: 2,
        files: [{ name: 'one', available: false }, { name: 'two' }],
        errors: [{ index: 1, filename: 'too large', code: 'PAYLOAD_TOO_LARGE' }],
        task: { id: 'Task:1', files: { nodes: [{ name: 'one' }, { name: 'two' }] } },
      },
    },
  });
});

test('a mutation by tus that is executed again with its idempotency key stores each file once', async () => {
  await using server = await startTestServer();
  const files = ['one', 'two', 'three'].map((name) => fileOf(name, 2 * CHUNK));
  const variables = { input: { taskId: 'Task:1', files, idempotencyKey: 'key' } };
  const query =
    'mutation ($input: UploadTaskFilesInput!) { uploadTaskFiles(input: $input) { files { id name } errors { code } } }';
  const execute = (options: Partial<UploadServer> = {}) =>
    executeUpload(target(server, { maxMultipartSize: 0, chunkSize: CHUNK, retries: 1, ...options }), {
      query,
      variables,
    });
  const sent = await interrupted(4, () => expect(execute()).rejects.toMatchObject({ name: 'ConnectionError' }));
  expect(sent).toBe(3); // one and the first half of two
  const sentAgain = await interrupted(Number.POSITIVE_INFINITY, async () => {
    expect(await execute()).toMatchObject({ data: { uploadTaskFiles: { files: [{}, {}, {}], errors: [] } } });
  });
  expect(sentAgain).toBe(3);
  expect((await uploadsOf(server)).sort()).toEqual(['one', 'three', 'two']);
  const third = await interrupted(Number.POSITIVE_INFINITY, async () => void (await execute()));
  expect(third).toBe(0);
  expect(await uploadsOf(server)).toHaveLength(3);
});

/**
 * Runs `work` with a connection that is lost at a chunk, counted from 1. Returns the chunks sent.
 */
async function interrupted(at: number, work: () => Promise<void>): Promise<number> {
  const original = globalThis.fetch;
  using _ = { [Symbol.dispose]: () => Object.assign(globalThis, { fetch: original }) };
  let sent = 0;
  let isLost = false;
  globalThis.fetch = async (...request) => {
    const isChunk = request[1]?.method === 'PATCH';
    isLost ||= isChunk && sent + 1 >= at;
    if (isLost) throw new TypeError('The connection was lost.');
    if (isChunk) sent += 1;
    return original(...request);
  };
  await work();
  return sent;
}

test('one attempt continues at the address that the program stores, and reports what the server has', async () => {
  await using server = await startTestServer();
  let location: string | undefined;
  const requests: string[] = [];
  let isLost = true;
  const at = target(server, {
    retries: 0,
    chunkSize: CHUNK,
    async send({ url, method, headers, body }) {
      requests.push(method);
      if (isLost && requests.length === 3) throw new ConnectionError('lost');
      const response = await fetch(url, { method, headers, body: body ?? null });
      return { status: response.status, header: (name) => response.headers.get(name), text: await response.text() };
    },
  });
  const stored: number[] = [];
  const resumed: number[] = [];
  const upload = () =>
    uploadByTus(
      at,
      fileOf('a.bin', 3 * CHUNK),
      { filename: 'a.bin', on: 'Task:1' },
      {
        location: {
          get: () => location,
          set: (url) => {
            location = url;
          },
          remove: () => {
            location = undefined;
          },
        },
        onStored: (bytes) => stored.push(bytes),
        onResume: (bytes) => resumed.push(bytes),
      },
    );
  await expect(upload()).rejects.toMatchObject({ code: 'UNREACHABLE' });
  expect([requests, location]).toEqual([['POST', 'PATCH', 'PATCH'], expect.stringContaining('/uploads/')]);
  isLost = false;
  expect(await upload()).toMatch(/^File:/);
  expect(requests.slice(3)).toEqual(['HEAD', 'PATCH', 'PATCH']);
  expect([stored, resumed, location]).toEqual([[CHUNK, CHUNK, 2 * CHUNK, 3 * CHUNK], [CHUNK], undefined]);
});

test('a small file is sent in the request that creates its upload', async () => {
  await using server = await startTestServer();
  const original = globalThis.fetch;
  using _ = { [Symbol.dispose]: () => Object.assign(globalThis, { fetch: original }) };
  const methods: string[] = [];
  globalThis.fetch = async (...request) => {
    if (String(request[0]).includes('/uploads')) methods.push(request[1]?.method ?? '');
    return original(...request);
  };
  const at = target(server, { maxMultipartSize: -1, maxCreationSize: CHUNK });
  for (const [size, expected] of [
    [CHUNK, ['POST']],
    [CHUNK + 1, ['POST', 'PATCH']],
    [0, ['POST']],
  ] as const) {
    const { id } = await uploadFile(at, fileOf('a.bin', size), { on: 'Task:1' });
    expect(methods.splice(0)).toEqual(expected);
    expect(await stored(server, id)).toMatchObject({ size });
  }
});
