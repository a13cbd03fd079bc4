import { expect, test } from 'vitest';
import { runAttache } from '../../scripts/crash/attache-command.ts';
import { bytesOf } from '../storage/bytes.ts';
import { smallDisk } from '../storage/small-disk.ts';
import { ask } from '../support/client.ts';
import { databaseEnv } from '../support/database.ts';
import { removeFile } from '../support/documents.ts';
import { download, sha256 } from '../support/download.ts';
import { tryUploadFiles, uploadFile, uploadFiles } from '../support/files.ts';
import { startTestServer } from '../support/server.ts';

const part = (name: string, size: number) => ({ name, content: new Blob([new Uint8Array(bytesOf(size, name))]) });

test('on a full disk uploads fail with INSUFFICIENT_STORAGE, stored files stay intact, and uploads resume once it grows', {
  timeout: 300_000,
}, async (context) => {
  await using disk = await smallDisk(context, 'size=24m');
  await using server = await startTestServer({ DATA_DIR: disk.path, MIN_FREE_BYTES: '0' });
  const kept = new Map<string, string>();
  const files: { id: string; databaseId: number }[] = [];
  const codes = new Set<string | undefined>();
  // Large files first, then small ones into the remaining space: blobs fail first, then rows.
  for (const size of [3_000_000, 300_000, 30_000, 3000, 300, 30]) {
    for (let round = 0, failures = 0; round < 200 && failures < 3; round++) {
      const name = `${size}-${round}`;
      const { data, errors } = await tryUploadFiles(server, 'Task:1', [part(name, size)]);
      const file = data?.result.files[0];
      if (file) {
        files.push(file);
        kept.set(file.id, sha256(bytesOf(size, name)));
      } else {
        failures += 1;
        codes.add(errors?.[0]?.extensions.code ?? data?.result.errors[0]?.code);
      }
    }
  }
  expect([...codes]).toEqual(['INSUFFICIENT_STORAGE']);
  expect(kept.size).toBeGreaterThan(5);
  const { staging, blobs } = await server.stored();
  expect({ staging, blobs: blobs.length }).toEqual({ staging: [], blobs: kept.size });
  for (const file of files) {
    expect(sha256(Buffer.from(await (await download(server, file)).arrayBuffer()))).toBe(kept.get(file.id));
  }

  // The disk grows, as an operator would arrange: a full one cannot even record a removal.
  disk.grow('size=26m');
  const [largest] = files as [{ id: string; databaseId: number }];
  await ask(server, removeFile, { fileId: largest.id });
  kept.delete(largest.id);
  await uploadFile(server, 'Task:1', part('after', 500_000));
  expect((await uploadFiles(server, 'Task:1', [part('more', 10)])).filesCount).toBe(kept.size + 2);
  const env = { DATA_DIR: disk.path, ...(await databaseEnv(disk.path)) };
  expect((await runAttache(env, 'verify')).printed).toBe(`read ${kept.size + 2} files: 0 missing, 0 changed\n`);
});
