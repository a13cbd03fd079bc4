import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePorts } from '../../../scripts/support/ports.ts';
import { startProxy } from '../../../scripts/support/proxy.ts';
import { testInFull } from '../../support/length.ts';
import { startProcess } from '../../support/process.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { bytesOf, type Place, sha256, uploadByTus } from './client.ts';

async function sumOf({ url, key }: Place, fileId: string | undefined): Promise<string> {
  const id = fileId?.replace('File:', '');
  const response = await fetch(`${url}/files/${id}/content`, { headers: { authorization: `Bearer ${key}` } });
  return sha256(Buffer.from(await response.arrayBuffer()));
}

async function namesOn(server: Place, task = 'Task:1'): Promise<string[]> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: `{ task(id: "${task}") { files(first: 100) { nodes { name } } } }` }),
  });
  const { data } = (await response.json()) as { data: { task: { files: { nodes: { name: string }[] } } } };
  return data.task.files.nodes.map(({ name }) => name);
}

test.each([
  ['in one request', {}],
  ['in many', { chunkSize: 100_000 }],
  ['with the first bytes in the creation', { chunkSize: 100_000, uploadDataDuringCreation: true }],
  ['without its length at first', { chunkSize: 100_000, uploadLengthDeferred: true }],
  ['with POST for every verb', { overridePatchMethod: true }],
])('tus-js-client uploads a file %s', async (_how, options) => {
  await using server = await startTestServer();
  const bytes = bytesOf(1_234_567);
  const { fileId } = await uploadByTus(server, bytes, { filename: 'big.bin', on: 'Task:1' }, options);
  expect(fileId).toMatch(/^File:\d+$/);
  expect(await sumOf(server, fileId)).toBe(sha256(bytes));
  expect(await namesOn(server)).toContain('big.bin');
  expect(await unfinished(server)).toEqual([]);
});

test('tus-js-client uploads an empty file', async () => {
  await using server = await startTestServer();
  const { fileId } = await uploadByTus(server, Buffer.alloc(0), { on: 'Task:1' });
  expect(await sumOf(server, fileId)).toBe(sha256(Buffer.alloc(0)));
});

test('concurrent uploads over connections that break repeatedly each create one complete file', {
  timeout: 120_000,
}, async () => {
  // A creation whose response is cut off leaves an upload that stays until it expires.
  await using server = await startTestServer({ MAX_UNFINISHED_UPLOADS: '2000' });
  await using proxy = await startProxy(Number(new URL(server.url).port));
  // No more than a hundred times: on a busy machine no request would be answered in between.
  let cuts = 100;
  const cutter = setInterval(() => cuts-- > 0 && proxy.cut(0.4), 60);
  const through = { url: `http://127.0.0.1:${proxy.port}`, key: server.key };
  const all = Array.from({ length: 8 }, (_, index) => bytesOf(3_000_000, index));
  const done = await Promise.all(
    all.map((bytes, index) =>
      uploadByTus(
        through,
        bytes,
        { filename: `cut-${index}.bin`, on: 'Task:1' },
        {
          retryDelays: Array(200).fill(20),
          chunkSize: 700_000,
        },
      ),
    ),
  );
  clearInterval(cutter);
  for (const [index, { fileId }] of done.entries())
    expect(await sumOf(server, fileId)).toBe(sha256(all[index] as Buffer));
  const names = (await namesOn(server)).filter((name) => name.startsWith('cut-'));
  expect(names.toSorted()).toEqual(all.map((_, index) => `cut-${index}.bin`));
  expect(await unfinished(server)).toEqual([]);
});

testInFull(
  'tus-js-client resumes an upload by itself after the server is killed and restarted three times',
  {
    timeout: 120_000,
  },
  async () => {
    await using folder = await temporaryFolder('tus');
    const [port = 0] = await freePorts(1);
    const KEY = 'the-key-of-this-test';
    const env = { DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: KEY, PORT: String(port) };
    let server = await startProcess(env);
    const place = { url: `http://127.0.0.1:${port}`, key: KEY };
    const bytes = bytesOf(40 * 1024 * 1024);
    const killAt = [3, 13, 23].map((mib) => mib * 1024 * 1024);
    let restarting: Promise<void> | undefined;
    const uploading = uploadByTus(
      place,
      bytes,
      { filename: 'killed.bin', on: 'Task:1' },
      {
        chunkSize: 8 * 1024 * 1024,
        retryDelays: Array(100).fill(200),
        onProgress(sent) {
          if (restarting || killAt[0] === undefined || sent < killAt[0]) return;
          killAt.shift();
          restarting = (async () => {
            await server.end('SIGKILL');
            server = await startProcess(env);
            restarting = undefined;
          })();
        },
      },
    );
    const { fileId, location } = await uploading;
    await restarting;
    expect(killAt).toEqual([]);
    expect(await sumOf(place, fileId)).toBe(sha256(bytes));
    expect((await namesOn(place)).filter((name) => name === 'killed.bin')).toHaveLength(1);
    const status = await fetch(location, { headers: { authorization: `Bearer ${KEY}` } });
    expect(await status.json()).toMatchObject({ file: fileId, isFinished: true, offset: bytes.length });
    await server.end('SIGTERM');
  },
);

async function unfinished({ dataDir }: TestServer): Promise<string[]> {
  return readdir(join(dataDir, 'files', 'unfinished'));
}
