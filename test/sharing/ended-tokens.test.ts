import { expect, test } from 'vitest';
import { openDatabase } from '../../src/database/open.ts';
import { deleteExpiredTokens } from '../../src/sharing/guest-tokens.ts';
import { begin } from '../http/tus/client.ts';
import { errorOf } from '../support/client.ts';
import { placeOf, runSql } from '../support/database.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { createUploadToken } from './guests.ts';
import { createShareLink } from './share-guests.ts';

const DAY = 24 * 60 * 60 * 1000;

const count = async (server: TestServer, table: string) =>
  (await runSql(server.dataDir, `select id from ${table}`)).length;

test('tokens and links are deleted thirty days after they expire, once their uploads have expired', async () => {
  await using server = await startTestServer();
  await createUploadToken(server);
  const used = await createUploadToken(server);
  await begin({ url: server.url, key: used.token }, 5);
  await createShareLink(server);
  await using database = await openDatabase(await placeOf(server.dataDir));
  await deleteExpiredTokens(database.em(), new Date(Date.now() + 29 * DAY));
  expect([await count(server, 'upload_tokens'), await count(server, 'share_links')]).toEqual([2, 1]);
  await deleteExpiredTokens(database.em(), new Date(Date.now() + 31 * DAY));
  expect([await count(server, 'upload_tokens'), await count(server, 'share_links')]).toEqual([1, 0]);
  await runSql(server.dataDir, 'delete from resumable_uploads');
  await deleteExpiredTokens(database.em(), new Date(Date.now() + 31 * DAY));
  expect(await count(server, 'upload_tokens')).toBe(0);
});

test('a user has at most 10,000 valid tokens, and those that have ended do not count', async () => {
  await using server = await startTestServer();
  await createUploadToken(server);
  const columns = 'created_by_id, on_type, on_id, content_types, max_files, max_bytes, created_at, expires_at';
  const copies = (from: number, to: number) =>
    runSql(
      server.dataDir,
      `with recursive n (i) as (select ${from} union all select i + 1 from n where i < ${to})
       insert into upload_tokens (hash, ${columns})
       select 'copy ' || n.i, ${columns.replaceAll(/(\w+)/g, 't.$1')} from n, (select * from upload_tokens order by id limit 1) t`,
    );
  const create = 'mutation { createUploadToken(input: { on: "Task:1", expiresIn: 60 }) { token } }';
  await copies(2, 10_000);
  expect(await errorOf(server, create)).toMatch(/^CONFLICT: /);
  await runSql(server.dataDir, 'update upload_tokens set expires_at = created_at');
  await copies(10_001, 20_000);
  await createUploadToken(server);
  expect(await count(server, 'upload_tokens')).toBe(1);
});
