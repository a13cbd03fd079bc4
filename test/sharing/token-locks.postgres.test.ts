import { expect, test } from 'vitest';
import { tus } from '../http/tus/client.ts';
import { ask } from '../support/client.ts';
import { runSql } from '../support/database.ts';
import { startTestServer } from '../support/server.ts';
import { createUploadToken } from './guests.ts';

test('creating, deleting and revoking uploads of one token at once causes no deadlock', async () => {
  await using server = await startTestServer();
  const { token, id } = await createUploadToken(server, { maxFiles: 10_000 });
  const place = { url: server.url, key: token };
  const loop = async () => {
    for (let round = 0; round < 15; round += 1) {
      const created = await tus(place, 'POST', '/uploads', { 'upload-length': '10' });
      const location = created.headers.get('location');
      if (location) await tus(place, 'DELETE', new URL(location, server.url).pathname);
    }
  };
  const loops = Promise.all(Array.from({ length: 8 }, loop));
  await tus(place, 'POST', '/uploads', { 'upload-length': '10' });
  await ask(server, `mutation { revokeUploadToken(input: { uploadTokenId: "${id}" }) { uploadToken { id } } }`);
  await loops;
  // The statistics of a session arrive when it has been idle for a second.
  await expect
    .poll(async () => {
      const sql = 'select deadlocks, xact_commit from pg_stat_database where datname = current_database()';
      const [row] = await runSql<{ deadlocks: string; xact_commit: string }>(server.dataDir, sql);
      return Number(row?.xact_commit) > 100 ? Number(row?.deadlocks) : undefined;
    })
    .toBe(0);
  expect(await runSql(server.dataDir, 'select used_files from upload_tokens')).toEqual([
    { used_files: (await runSql(server.dataDir, 'select 1 from resumable_uploads')).length },
  ]);
});
