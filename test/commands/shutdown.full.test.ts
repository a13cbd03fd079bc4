import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sha256 } from '../support/download.ts';
import { downloadedSum, KEY, listAll } from '../support/durability-files.ts';
import { startProcess } from '../support/process.ts';
import { startUpload, untilRefused } from '../support/slow-upload.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('an upload in progress at SIGTERM completes, the process exits with 0, and the next start has the file', async () => {
  await using folder = await temporaryFolder('shutdown');
  const env = { DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: KEY, ATTACHE_SECRET: 'so that nothing is warned of' };
  await using first = await startProcess(env);
  const content = Buffer.alloc(500_000, 'half of it before, half of it after');
  const slow = await startUpload(first, folder.path, content);
  const ending = first.end('SIGTERM');
  await untilRefused(first);
  const answer = await slow.finish();
  expect(JSON.parse(answer)).toMatchObject({ data: { uploadTaskFiles: { files: [{ sha256: sha256(content) }] } } });
  expect(await ending).toEqual({ code: 0, signal: null });
  expect(first.logged()).toBe('');

  await using second = await startProcess(env);
  const [file, ...others] = await listAll(second);
  expect(others).toEqual([]);
  expect(file && (await downloadedSum(file))).toBe(sha256(content));
  expect(await readdir(join(folder.path, 'files', 'staging'))).toEqual([]);
});

test('an upload whose client disconnects after SIGTERM leaves nothing and does not delay the exit', async () => {
  await using folder = await temporaryFolder('shutdown');
  const env = { DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: KEY };
  await using first = await startProcess(env);
  const slow = await startUpload(first, folder.path, Buffer.alloc(500_000));
  const ending = first.end('SIGTERM');
  await untilRefused(first);
  slow.abort();
  expect(await ending).toEqual({ code: 0, signal: null });

  await using second = await startProcess(env);
  expect(await listAll(second)).toEqual([]);
  expect(await readdir(join(folder.path, 'files', 'staging'))).toEqual([]);
});

test.each([
  ['SIGTERM', 'SIGTERM'],
  ['SIGINT', 'SIGINT'],
  ['SIGTERM', 'SIGINT'],
] as const)('a server that waits for uploads after %s exits immediately on %s', async (first, second) => {
  await using folder = await temporaryFolder('shutdown');
  await using server = await startProcess({ DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: KEY });
  await startUpload(server, folder.path, Buffer.alloc(500_000));
  void server.end(first);
  await untilRefused(server);
  expect(await server.end(second)).toEqual({ code: null, signal: second });
});
