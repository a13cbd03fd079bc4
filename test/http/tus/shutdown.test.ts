import { readdir, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startTestServer } from '../../support/server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { begin, bytesOf, offsetOf, piece } from './client.ts';

const SENT = 12 * 1024 * 1024;

test('a server that stops after the client of an upload is gone has counted the bytes that it received', async () => {
  await using folder = await temporaryFolder('tus');
  const first = await startTestServer({ DATA_DIR: folder.path });
  const path = await begin(first, 2 * SENT, { on: 'Task:1' });
  const headers = { authorization: `Bearer ${first.key}`, 'tus-resumable': '1.0.0', ...piece(0) };
  const sending = request(new URL(path, first.url), {
    method: 'PATCH',
    headers: { ...headers, 'content-length': 2 * SENT },
  });
  sending.on('error', () => {}); // its connection is closed below
  sending.write(bytesOf(SENT));
  const unfinished = join(folder.path, 'files', 'unfinished');
  await expect.poll(() => bytesBelow(unfinished), { interval: 5 }).toBeGreaterThan(SENT / 2);
  const written = await bytesBelow(unfinished);
  sending.destroy();
  await first[Symbol.asyncDispose]();
  await using second = await startTestServer({ DATA_DIR: folder.path });
  expect(await offsetOf(second, path)).toBeGreaterThanOrEqual(written);
});

async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
