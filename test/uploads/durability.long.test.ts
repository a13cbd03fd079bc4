import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { runSql } from '../support/database.ts';
import { downloadedSum, KEY, listAll, type Stored, upload, uploadUntilGone } from '../support/durability-files.ts';
import { few } from '../support/length.ts';
import { type ServerProcess, startProcess } from '../support/process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

test('acknowledged uploads survive SIGKILL, and every listed file has its bytes', {
  timeout: 300_000,
}, async () => {
  await using folder = await temporaryFolder('durability');
  const acknowledged = new Map<string, string>();
  const rounds = few(4, 10);
  for (let round = 1; round <= rounds; round++) {
    await using server = await startProcess({ DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: KEY });
    await expectAllStored(server, acknowledged);
    const { first, all } = uploadUntilGone(server);
    if (round % 2 === 0) await first; // odd rounds may be killed before the first upload
    await pause(Math.random() * 300);
    await server.end('SIGKILL');
    for (const stored of await all) acknowledged.set(stored.id, stored.sha256);
  }
  await using server = await startProcess({ DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: KEY });
  await expectAllStored(server, acknowledged);
  expect(acknowledged.size).toBeGreaterThanOrEqual(rounds / 2);
});

async function expectAllStored(server: ServerProcess, acknowledged: ReadonlyMap<string, string>): Promise<void> {
  const listed = await listAll(server);
  const sums = new Map(listed.map(({ id, sha256 }) => [id, sha256]));
  expect([...acknowledged].filter(([id, sum]) => sums.get(id) !== sum)).toEqual([]);
  const wrong: Stored[] = [];
  for (const file of listed) if ((await downloadedSum(file)) !== file.sha256) wrong.push(file);
  expect(wrong).toEqual([]);
}

test('blobs of a removed file are deleted at the next start when the server was killed before deleting them', async () => {
  await using folder = await temporaryFolder('durability');
  const env = { DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: KEY, SMALL_FILE_SIZE: '0' };
  await using first = await startProcess(env);
  const removed = await upload(first, Buffer.from('removed'));
  const kept = await upload(first, Buffer.from('kept'));
  await first.end('SIGKILL');
  const blob = join(folder.path, 'files', 'blobs', await removeRowsOf(folder.path, removed));
  expect(await exists(blob)).toBe(true);

  await using second = await startProcess(env);
  expect(await exists(blob)).toBe(false);
  const listed = await listAll(second);
  expect(listed.map((file) => file.id)).toEqual([kept.id]);
  expect(await Promise.all(listed.map((file) => downloadedSum(file)))).toEqual([kept.sha256]);
  await second.end('SIGTERM');
  expect(await runSql(folder.path, 'select * from blob_deletions')).toEqual([]);
});

/**
 * Does what the transaction of `removeFile` does, and nothing else. Returns the key of the blob
 * that is still to be deleted.
 */
async function removeRowsOf(dataDir: string, { id }: Stored): Promise<string> {
  const fileId = Number(id.split(':')[1]);
  const [{ key } = { key: '' }] = await runSql<{ key: string }>(
    dataDir,
    'select blob_key as key from files where id = ?',
    fileId,
  );
  await runSql(dataDir, 'delete from attachments where file_id = ?', fileId);
  await runSql(dataDir, 'delete from files where id = ?', fileId);
  await runSql(dataDir, 'insert into blob_deletions (blob_key, requested_at) values (?, ?)', key, new Date());
  return key;
}
