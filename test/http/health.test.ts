import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';

const get = async (server: TestServer, path: string) => {
  const response = await fetch(`${server.url}${path}`);
  return [response.status, await response.json()];
};

test('a server is live and ready without credentials', async () => {
  await using server = await startTestServer();
  expect(await get(server, '/health/live')).toEqual([200, { status: 'ok' }]);
  expect(await get(server, '/health/ready')).toEqual([200, { status: 'ok', uploads: 'ok' }]);
});

test('a server with a full disk stays ready, and says that it refuses uploads', async () => {
  await using server = await startTestServer({ MIN_FREE_BYTES: '1000 TiB' });
  expect(await get(server, '/health/ready')).toEqual([200, { status: 'ok', uploads: 'refused: the disk is full' }]);
});

test('a server that cannot reach its storage is live, and not ready', async () => {
  await using server = await startTestServer();
  const blobs = join(server.dataDir, 'files', 'blobs');
  await rename(blobs, `${blobs}-unmounted`);
  expect(await get(server, '/health/ready')).toEqual([503, { status: 'unavailable' }]);
  expect(await get(server, '/health/live')).toEqual([200, { status: 'ok' }]);
  await rename(`${blobs}-unmounted`, blobs);
  expect((await get(server, '/health/ready'))[0]).toBe(200);
});
