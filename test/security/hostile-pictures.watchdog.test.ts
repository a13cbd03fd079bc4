import sharp from 'sharp';
import { expect, test } from 'vitest';
import { ask, askWithFiles } from '../support/client.ts';
import * as pictures from '../support/hostile-pictures.ts';
import { type ServerProcess, startProcess } from '../support/process.ts';
import { ADMIN_KEY } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { expectResponsive, underWatch } from '../support/watchdog.ts';

async function start() {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder('pictures'));
  const server = stack.use(await startProcess({ DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: ADMIN_KEY }));
  return { server, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/**
 * Uploads the bytes `count` times with different content: a decoder ignores what follows an image.
 */
async function give(server: ServerProcess, key: string, bytes: Buffer, count = 1): Promise<number[]> {
  const files = Array.from({ length: count }, (_, index) => ({
    name: `${index}`,
    content: new Blob([new Uint8Array(bytes), `${index}`]),
  }));
  const query = 'mutation ($files: [Upload!]!) { uploadFiles(input: { files: $files }) { files { databaseId } } }';
  type Answer = { uploadFiles: { files: { databaseId: number }[] } };
  return (await askWithFiles<Answer>(server, query, {}, files, key)).uploadFiles.files.map((file) => file.databaseId);
}

async function thumbnailOf(server: ServerProcess, key: string, id: number): Promise<number> {
  const url = new URL(`/files/${id}/thumbnail`, server.graphqlUrl);
  const response = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
  await response.arrayBuffer();
  return response.status;
}

async function newUser(server: ServerProcess, displayName: string): Promise<string> {
  type User = { createUser: { user: { id: string } } };
  const user = 'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }';
  const { createUser } = await ask<User>(server, user, { input: { displayName } });
  const key = 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { key } }';
  const input = { userId: createUser.user.id, name: 'test', scope: 'WRITE' };
  return (await ask<{ createApiKey: { key: string } }>(server, key, { input })).createApiKey.key;
}

test('thumbnails of AVIFs with 81 megapixels are refused with 415, and do not affect other users', {
  timeout: 120_000,
}, async () => {
  const avif = await pictures.hugeAvif();
  expect(avif.length).toBeLessThan(4000);
  await using started = await start();
  const { server } = started;
  const [eve, ada] = [await newUser(server, 'Eve'), await newUser(server, 'Ada')];
  const photo = await sharp({ create: { width: 4000, height: 3000, channels: 3, background: '#3c3' } })
    .jpeg()
    .toBuffer();
  const watched = await underWatch(server, ADMIN_KEY, async () => {
    const [first, second, ...rest] = await give(server, eve, avif, 20);
    const two = await Promise.all([first, second].map((id) => thumbnailOf(server, eve, id as number)));
    const [id] = await give(server, ada, photo);
    const all = rest.map((id) => thumbnailOf(server, eve, id));
    const honest = await thumbnailOf(server, ada, id as number);
    return { two, rest: await Promise.all(all), honest };
  });
  expect(watched.result).toEqual({ two: [415, 415], rest: Array(18).fill(415), honest: 200 });
  expectResponsive(watched);
});

const ways = {
  'AVIFs as large as the decoder still tries': pictures.largeAvif,
  'an AVIF that lies about its size': pictures.lyingAvif,
  'a progressive JPEG of 98 megapixels': pictures.lyingJpeg,
  'an interlaced PNG of 98 megapixels': pictures.interlacedPng,
  'a TIFF of 16 bits in one strip': pictures.deepTiff,
  'a PNG of one column': pictures.tallPng,
  'a PNG of one row': pictures.widePng,
  'a PNG with 400 MB of text': pictures.textBombPng,
  'a GIF of 100,000 frames': () => pictures.manyFramesGif(100_000),
  'a WebP of a thousand frames': pictures.animatedWebp,
};

test('thumbnails of images that decode to gigabytes do not affect other users', { timeout: 300_000 }, async () => {
  await using started = await start();
  const { server } = started;
  const eve = await newUser(server, 'Eve');
  const small = await sharp({ create: { width: 60, height: 30, channels: 3, background: '#3c3' } })
    .png()
    .toBuffer();
  for (const [name, make] of Object.entries(ways)) {
    const ids = await give(server, eve, await make(), 3);
    const watched = await underWatch(server, ADMIN_KEY, () =>
      Promise.all(ids.map((id) => thumbnailOf(server, eve, id))),
    );
    for (const status of watched.result) expect([200, 415], name).toContain(status);
    expectResponsive(watched);
  }
  const [id] = await give(server, ADMIN_KEY, small);
  expect(await thumbnailOf(server, ADMIN_KEY, id as number)).toBe(200);
  expect(server.logged()).toBe('');
});
