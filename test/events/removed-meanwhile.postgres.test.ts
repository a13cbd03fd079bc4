import { Client } from 'pg';
import { expect, test } from 'vitest';
import { codeOf } from '../support/client.ts';
import { databaseEnv } from '../support/database.ts';
import { detachQuery, moveQuery, tryUploadFiles, uploadFile } from '../support/files.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const requests = {
  detach: (server: TestServer, id: string) => codeOf(server, detachQuery, { from: 'Task:1', fileIds: [id] }),
  move: (server: TestServer, id: string) => codeOf(server, moveQuery, { from: 'Task:1', to: 'Task:2', fileIds: [id] }),
  'next version': async (server: TestServer, id: string) =>
    (await tryUploadFiles(server, null, ['next'], { parentId: id })).errors?.[0]?.extensions.code,
};

// A lookup after `lockVersions` that finds no file must not become an INTERNAL_SERVER_ERROR.
test.each(Object.entries(requests))(
  '%s answers NOT_FOUND when the file is removed while the request waits for the lock',
  async (_what, request) => {
    await using server = await startTestServer();
    const { id } = await uploadFile(server, 'Task:1', 'a');
    const client = new Client((await databaseEnv(server.dataDir)).DATABASE_URL);
    await client.connect();
    await client.query('begin');
    await client.query('select id from files for update');
    const code = request(server, id);
    await expect
      .poll(
        async () => (await client.query("select 1 from pg_stat_activity where wait_event_type = 'Lock'")).rowCount,
        { timeout: 20_000 },
      )
      .toBe(1);
    await client.query('delete from attachments');
    await client.query('update event_topics set files = 0, drafts = 0');
    await client.query('delete from files');
    await client.query('commit');
    await client.end();
    expect(await code).toBe('NOT_FOUND');
  },
);
