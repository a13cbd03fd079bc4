import { Client } from 'pg';
import { expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { placeOf } from '../support/database.ts';
import { attach, names, uploadFile } from '../support/files.ts';
import { startTestServer } from '../support/server.ts';

test('emptying an attachable keeps a file that gets its next version meanwhile and is attached elsewhere', async () => {
  await using server = await startTestServer();
  const { id: parentId } = await uploadFile(server, 'Task:1', 'v1');
  await attach(server, 'Task:2', [parentId]);

  // Holds the upload before its commit: it has moved both attachments to the new version by then.
  const place = await placeOf(server.dataDir);
  const holder = new Client('url' in place ? place.url : '');
  await holder.connect();
  const waiting = async (count: number) => {
    const sql = `select count(*)::int as count from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    await expect.poll(async () => (await holder.query(sql)).rows[0].count).toBe(count);
  };
  await holder.query("begin; select 1 from event_topics where topic = 'Task:2' for update");
  const uploading = uploadFile(server, null, 'v2', { parentId });
  await waiting(1);
  const emptying = ask(server, 'mutation { removeAllTaskFiles(input: { taskId: "Task:1" }) { removedFileIds } }');
  await waiting(2);
  await holder.query('commit');
  await holder.end();

  expect((await uploading).version).toBe(2);
  expect(await emptying).toEqual({ removeAllTaskFiles: { removedFileIds: [] } });
  expect(await names(server, 'Task:1')).toEqual([]);
  expect(await names(server, 'Task:2')).toEqual(['v2']);
});
