import { expect, test } from 'vitest';
import { metadata, tus } from '../http/tus/client.ts';
import { startProcess } from '../support/process.ts';
import { ADMIN_KEY } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { expectResponsive, underWatch } from '../support/watchdog.ts';

test('1,000 resumable uploads created at once are limited to 200, and do not affect other users', async () => {
  await using folder = await temporaryFolder('uploads');
  const env = { DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: ADMIN_KEY, ATTACHE_DEMO: 'true' };
  await using server = await startProcess(env);
  const place = { url: new URL(server.graphqlUrl).origin, key: ADMIN_KEY };
  const headers = { 'upload-length': '4000000', 'upload-metadata': metadata({ filename: 'x'.repeat(3000) }) };
  const watched = await underWatch(server, ADMIN_KEY, () =>
    Promise.all(Array.from({ length: 1000 }, async () => (await tus(place, 'POST', '/uploads', headers)).status)),
  );
  expect(watched.result.filter((status) => status === 201)).toHaveLength(200);
  expect(watched.result.filter((status) => status === 429)).toHaveLength(800);
  expectResponsive(watched);
  // Rejected requests are errors of the client, so the server logs none.
  expect(server.logged()).toBe('');
});
