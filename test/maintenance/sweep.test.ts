import { mkdir, readdir, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runAttache } from '../../scripts/crash/attache-command.ts';
import { ask } from '../support/client.ts';
import { databaseEnv, kind, runSql } from '../support/database.ts';
import { uploadFile, uploadFiles } from '../support/files.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const attache = async (server: TestServer, ...args: string[]) =>
  runAttache({ DATA_DIR: server.dataDir, ...(await databaseEnv(server.dataDir)) }, ...args);

/** A server that stores also small files in its folder. */
const startFileServer = () => startTestServer({ SMALL_FILE_SIZE: '0' });

async function blobOf(server: TestServer, { id }: { id: string }): Promise<string> {
  const rows = await runSql<{ key: string }>(
    server.dataDir,
    'select blob_key as key from files where id = ?',
    Number(id.split(':')[1]),
  );
  return join(server.dataDir, 'files', 'blobs', rows[0]?.key as string);
}

const orphanKey = '2026/01/02/00000000-0000-4000-8000-000000000000';

async function leave(server: TestServer): Promise<{ orphan: string; staged: string }> {
  const orphan = join(server.dataDir, 'files', 'blobs', orphanKey);
  const staged = join(server.dataDir, 'files', 'staging', 'half-an-upload');
  await mkdir(dirname(orphan), { recursive: true });
  await writeFile(orphan, 'a blob whose row was never written');
  await writeFile(staged, 'half');
  return { orphan, staged };
}

describe('sweep', () => {
  test('deletes orphaned blobs and abandoned uploads and nothing else', async () => {
    await using server = await startFileServer();
    const kept = await uploadFile(server, 'Task:1', 'kept');
    const { orphan, staged } = await leave(server);
    await utimes(staged, 0, 0);
    expect(await attache(server, 'sweep', '--older-than', '0', '--dry-run')).toEqual({
      printed: 'would remove 1 blobs without a file (34 bytes)\n',
      code: 0,
    });
    expect((await server.stored()).blobs).toContain(orphan);
    expect(await attache(server, 'sweep', '--older-than', '0')).toEqual({
      printed: 'removed 1 blobs without a file (34 bytes), 0 of removed files, 0 abandoned uploads\n',
      code: 0,
    });
    expect(await server.stored()).toEqual({ staging: [], blobs: [await blobOf(server, kept)] });
  });

  test('keeps what is younger than a day, because its row may not be written yet', async () => {
    await using server = await startFileServer();
    const { orphan, staged } = await leave(server);
    // Age counts from when the blob was stored, not from the modification time of its content.
    await utimes(orphan, 0, 0);
    expect((await attache(server, 'sweep')).printed).toMatch(/^removed 0 blobs .* 0 abandoned uploads\n$/);
    expect(await server.stored()).toEqual({ staging: [staged], blobs: [orphan] });
  });

  test.each(['--force', '--even-most'])('deletes more blobs than one batch with %s', async (force) => {
    await using server = await startFileServer();
    const folder = join(server.dataDir, 'files', 'blobs', '2026', '01', '02');
    await mkdir(folder, { recursive: true });
    await Promise.all(Array.from({ length: 450 }, (_, index) => writeFile(join(folder, `orphan-${index}`), 'x')));
    const kept = await uploadFile(server, 'Task:1', 'kept');
    // So many orphans suggest the wrong database; --force confirms that it is the right one.
    const refused = await attache(server, 'sweep', '--older-than', '0');
    expect(refused).toMatchObject({ code: 1, printed: expect.stringContaining('450 of 451 blobs belong to no file') });
    expect((await server.stored()).blobs).toHaveLength(451);
    expect((await attache(server, 'sweep', '--older-than', '0', force)).printed).toMatch(/^removed 450 blobs /);
    expect((await server.stored()).blobs).toEqual([await blobOf(server, kept)]);
  });

  test('keeps foreign blobs although the database has more small ones of its own', async () => {
    await using server = await startTestServer();
    const names = Array.from({ length: 130 }, (_, index) => `${index}`);
    for (let at = 0; at < names.length; at += 10) await uploadFiles(server, 'Task:1', names.slice(at, at + 10));
    const folder = join(server.dataDir, 'files', 'blobs', '2026', '01', '02');
    await mkdir(folder, { recursive: true });
    await Promise.all(Array.from({ length: 120 }, (_, index) => writeFile(join(folder, `foreign-${index}`), 'x')));
    const refused = await attache(server, 'sweep', '--older-than', '0');
    expect(refused).toMatchObject({ code: 1, printed: expect.stringContaining('120 of 120 blobs belong to no file') });
    expect(await readdir(folder)).toHaveLength(120);
  });

  test('reports the number of files whose bytes are missing', async () => {
    await using server = await startFileServer();
    const [lost] = [await uploadFile(server, 'Task:1', 'lost'), await uploadFile(server, 'Task:1', 'kept')];
    await rm(await blobOf(server, lost));
    const { printed, code } = await attache(server, 'sweep');
    expect(code).toBe(0);
    expect(printed).toContain('the bytes of 1 files are missing: "attache verify" lists them');
  });

  test.each(['-1', 'soon', ''])('rejects an age of "%s"', async (age) => {
    await using server = await startFileServer();
    const { orphan } = await leave(server);
    expect(await attache(server, 'sweep', `--older-than=${age}`)).toMatchObject({
      code: 2,
      printed: expect.stringContaining('Write a number of hours'),
    });
    expect((await server.stored()).blobs).toEqual([orphan]);
  });
});

test('sweep keeps a blob that an unfinished upload is about to complete', async () => {
  await using server = await startFileServer();
  const { orphan } = await leave(server);
  await runSql(
    server.dataDir,
    `insert into resumable_uploads (id, user_id, received, name, content_type, metadata, options, blob_key, is_finished, expires_at)
     values ('x', 1, 0, 'a', '', '', '{}', ?, ${kind === 'sqlite' ? '0' : 'false'}, ?)`,
    orphanKey,
    kind === 'sqlite' ? Date.now() + 60_000 : new Date(Date.now() + 60_000).toISOString(),
  );
  await attache(server, 'sweep', '--older-than', '0');
  expect((await server.stored()).blobs).toContain(orphan);
});

describe('verify', () => {
  test('reports no problem when every version is intact', async () => {
    await using server = await startFileServer();
    const file = await uploadFile(server, 'Task:1', 'first');
    await uploadFile(server, 'Task:1', 'second', { parentId: file.id });
    expect(await attache(server, 'verify')).toEqual({ code: 0, printed: 'read 2 files: 0 missing, 0 changed\n' });
  });

  test('reports missing, truncated and changed blobs and exits with 1', async () => {
    await using server = await startFileServer();
    const [missing, shorter, other] = [
      await uploadFile(server, 'Task:1', 'missing'),
      await uploadFile(server, 'Task:1', 'shorter'),
      await uploadFile(server, 'Task:1', 'other'),
    ];
    await uploadFile(server, 'Task:1', 'well');
    await rm(await blobOf(server, missing));
    await truncate(await blobOf(server, shorter), 1);
    const blob = await blobOf(server, other);
    await writeFile(`${blob}-new`, 'rehto');
    await rename(`${blob}-new`, blob);
    const { printed, code } = await attache(server, 'verify');
    const lines = printed.trim().split('\n');
    expect(lines.slice(0, 3).map((line) => line.split('\t').slice(0, 3))).toEqual([
      ['missing', missing.id, 'missing'],
      ['changed', shorter.id, 'shorter'],
      ['changed', other.id, 'other'],
    ]);
    expect(lines[3]).toBe('read 4 files: 1 missing, 2 changed');
    expect(code).toBe(1);
    expect(await ask(server, '{ viewer { id } }')).toBeTruthy();
  });
});
