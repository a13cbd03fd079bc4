import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ask } from '../../support/client.ts';
import { removeFile } from '../../support/documents.ts';
import { bearer, download, hashOf, sha256 } from '../../support/download.ts';
import { uploadFile } from '../../support/files.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

const MiB = 1024 ** 2;

async function uploadRandom(server: TestServer, size: number) {
  const content = randomBytes(size);
  const file = await uploadFile(server, 'Task:1', { name: 'large.bin', content: new Blob([content]) });
  expect(file).toMatchObject({ size, sha256: sha256(content) });
  return { file, content };
}

/** Starts a download and reads nothing, so that most of a large file waits in the server. */
async function startDownload(server: TestServer, file: { databaseId: number }): Promise<IncomingMessage> {
  const request = get(`${server.url}/files/${file.databaseId}/content`, { headers: bearer(server.key) });
  request.on('error', () => {});
  const [response] = await once(request, 'response');
  expect(response.statusCode).toBe(200);
  return response;
}

async function read(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test('a file of 64 MiB downloads byte for byte', async () => {
  await using server = await startTestServer();
  const { file } = await uploadRandom(server, 64 * MiB);
  const response = await download(server, file);
  expect(response.headers.get('content-length')).toBe(String(64 * MiB));
  expect(await hashOf(response)).toEqual({ size: 64 * MiB, sha256: file.sha256 });
});

test('a range inside a large file returns exactly its bytes', async () => {
  await using server = await startTestServer();
  const { file, content } = await uploadRandom(server, 16 * MiB);
  for (const [start, end] of [
    [MiB - 1, MiB],
    [5 * MiB + 7, 9 * MiB + 11],
    [16 * MiB - 3, 16 * MiB - 1],
  ] as const) {
    const response = await download(server, file, { headers: { range: `bytes=${start}-${end}` } });
    expect(response.status).toBe(206);
    const hash = await hashOf(response);
    expect(hash).toEqual({ size: end - start + 1, sha256: sha256(content.subarray(start, end + 1)) });
  }
});

test('concurrent downloads of one file, some slow, each return every byte', async () => {
  await using server = await startTestServer();
  const { file, content } = await uploadRandom(server, 16 * MiB);
  const slow = await Promise.all([startDownload(server, file), startDownload(server, file)]);
  const fast = await Promise.all(Array.from({ length: 4 }, async () => hashOf(await download(server, file))));
  expect(fast.map((hash) => hash.sha256)).toEqual(Array(4).fill(file.sha256));
  for (const response of slow) expect((await read(response)).equals(content)).toBe(true);
});

test('a file that is removed during a slow download still arrives complete', async () => {
  await using server = await startTestServer();
  const { file, content } = await uploadRandom(server, 32 * MiB);
  const response = await startDownload(server, file);
  await ask(server, removeFile, { fileId: file.id });
  expect((await download(server, file)).status).toBe(404);
  expect((await server.stored()).blobs).toEqual([]);
  expect((await read(response)).equals(content)).toBe(true);
});

test('aborted downloads do not affect other clients and leave no file open', async () => {
  await using server = await startTestServer();
  const { file, content } = await uploadRandom(server, 16 * MiB);
  const staying = await startDownload(server, file);
  for (let round = 0; round < 30; round += 1) {
    const response = await startDownload(server, file);
    if (round % 3 === 0) await once(response, 'readable');
    response.destroy();
  }
  expect((await read(staying)).equals(content)).toBe(true);
  expect(await hashOf(await download(server, file))).toMatchObject({ sha256: file.sha256 });
  // The server runs in this process, and notices an abort later than the client makes it.
  while (openBelow(server.dataDir, '/blobs/') > 0) await pause(10);
});

/** Returns how many files below a folder this process has open, or 0 where /proc is missing. */
function openBelow(folder: string, part: string): number {
  if (!existsSync('/proc/self/fd')) return 0;
  const paths = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return ''; // closed in between
    }
  });
  return paths.filter((path) => path.startsWith(folder) && path.includes(part)).length;
}
