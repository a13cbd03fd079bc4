import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { dataOf } from '../support/client.ts';
import { runSql } from '../support/database.ts';
import { removeFile } from '../support/documents.ts';
import { uploadFile } from '../support/files.ts';
import { addProjectMember, newPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** Images of noise, so that each thumbnail has about as many bytes as the others of its size. */
async function upload(server: TestServer, name: string): Promise<string> {
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
  const pixels = { create: { width: 300, height: 300, channels: 3, background: '#000', noise } } as const;
  const content = new Blob([new Uint8Array(await sharp(pixels).png().toBuffer())]);
  return (await uploadFile(server, 'Task:1', { name: `${name}.png`, content })).id;
}

async function thumbnail(server: TestServer, id: string, size: string, key = server.key): Promise<number> {
  const [width, height] = size.split('x');
  const url = `${server.url}/files/${id.replace('File:', '')}/thumbnail?width=${width}&height=${height}`;
  const response = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
  expect(response.status).toBe(200);
  return (await response.arrayBuffer()).byteLength;
}

const storedIn = async ({ dataDir }: TestServer): Promise<string[]> => {
  const folder = join(dataDir, 'files', 'derived');
  const names = existsSync(folder) ? await readdir(folder, { recursive: true }) : [];
  return names.filter((name) => name.endsWith('.webp'));
};

/** Each sum is that of the counted thumbnails. */
async function expectRightSums({ dataDir }: TestServer): Promise<void> {
  type Sum = { user_id: number; bytes: number | string };
  const sums = await runSql<Sum>(
    dataDir,
    'select user_id, bytes from thumbnail_usage where bytes <> 0 order by user_id',
  );
  const counted = await runSql<Sum>(
    dataDir,
    'select user_id, sum(size) as bytes from thumbnails group by user_id order by 1',
  );
  const total = counted.reduce((sum, { bytes }) => sum + Number(bytes), 0);
  const numbers = (rows: typeof sums) => rows.map(({ user_id, bytes }) => [user_id, Number(bytes)]);
  expect(numbers(sums)).toEqual(total === 0 ? [] : [[0, total], ...numbers(counted)]);
}

const boxes = [32, 64, 128, 256].flatMap((width) => [32, 64, 128, 256].map((height) => `${width}x${height}`));

test('a file has at most 12 stored thumbnails, the newest; others are made again', async () => {
  await using server = await startTestServer();
  const id = await upload(server, 'a');
  for (const box of boxes) await thumbnail(server, id, box);
  const stored = (await storedIn(server)).map((path) => path.split('/').at(-1));
  expect(stored.toSorted()).toEqual(
    boxes
      .slice(4)
      .map((box) => `${box}.webp`)
      .toSorted(),
  );
  await thumbnail(server, id, '32x32');
  expect(await storedIn(server)).toHaveLength(12);
  await expectRightSums(server);
});

test('one user fills a quarter of MAX_THUMBNAIL_BYTES, and replaces the oldest of their own', async () => {
  await using probe = await startTestServer();
  const bytes = await thumbnail(probe, await upload(probe, 'probe'), '256x256');
  await using server = await startTestServer({ MAX_THUMBNAIL_BYTES: String(Math.round(bytes * 4 * 3.5)) });
  const bob = await newPerson(server, 'Bob');
  const membership = { projectId: 'Project:1', userId: bob.id, role: 'VIEWER' } as const;
  dataOf(await server.query(addProjectMember, { input: membership }));
  const ids = [];
  for (let index = 0; index < 6; index += 1) ids.push(await upload(server, `image ${index}`));
  const [first = '', ...others] = ids;
  await thumbnail(server, first, '256x256');
  for (const id of others) await thumbnail(server, id, '256x256', bob.key);
  const counted = await runSql<{ count: number | string }>(
    server.dataDir,
    'select user_id, count(*) as count from thumbnails group by user_id order by 1',
  );
  expect(counted.map(({ count }) => Number(count))).toEqual([1, 3]);
  expect(await storedIn(server)).toHaveLength(4);
  await expectRightSums(server);
});

test('with MAX_THUMBNAIL_BYTES=0, thumbnails are served and not stored', async () => {
  await using server = await startTestServer({ MAX_THUMBNAIL_BYTES: '0' });
  const id = await upload(server, 'a');
  for (let round = 0; round < 2; round += 1) expect(await thumbnail(server, id, '64x64')).toBeGreaterThan(0);
  expect(await storedIn(server)).toEqual([]);
  await expectRightSums(server);
});

test('thumbnails of a removed file no longer count', async () => {
  await using server = await startTestServer();
  const id = await upload(server, 'a');
  for (const box of boxes.slice(0, 3)) await thumbnail(server, id, box);
  await expectRightSums(server);
  dataOf(await server.query(removeFile, { fileId: id }));
  expect(await storedIn(server)).toEqual([]);
  expect(await runSql(server.dataDir, 'select * from thumbnails')).toEqual([]);
  await expectRightSums(server);
});

test('two requests at once for one thumbnail count it once', async () => {
  await using server = await startTestServer();
  const id = await upload(server, 'a');
  await Promise.all([thumbnail(server, id, '64x64'), thumbnail(server, id, '64x64'), thumbnail(server, id, '128x64')]);
  expect(await storedIn(server)).toHaveLength(2);
  await expectRightSums(server);
});
