import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openPage, startSite } from '../../support/browser.ts';
import { ask } from '../../support/client.ts';
import { isInstalled } from '../../support/programs.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { begin, bytesOf, metadata, offsetOf, piece, tus, uploadByTus } from './client.ts';

/** Returns the example of the documentation that imports `module`, without its imports. */
async function documented(module: string, endpoint: string): Promise<string> {
  const text = await readFile('docs/uploading.md', 'utf8');
  const blocks = [...text.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code = '']) => code);
  const code = blocks.find((block) => block.includes(`from '${module}'`)) ?? '';
  expect(code).toContain("'http://localhost:4000/uploads'");
  return code.replaceAll(/^import .*$/gm, '').replace('http://localhost:4000/uploads', endpoint);
}

async function namesOn(server: TestServer, task: string): Promise<string[]> {
  const query = 'query ($id: ID!) { task(id: $id) { files(first: 10) { nodes { name } } } }';
  const { task: found } = await ask<{ task: { files: { nodes: { name: string }[] } } }>(server, query, { id: task });
  return found.files.nodes.map(({ name }) => name);
}

/** Runs the example in a page for each task in turn, always with the same file. */
async function uploadInPage(server: TestServer, origin: string, source: { code: string; isUppy: boolean }) {
  await using opened = await openPage(origin);
  return await opened.page.evaluate(
    async ({ key, code, isUppy }) => {
      // biome-ignore lint/suspicious/noExplicitAny: globals that the script of the page sets
      const { Uppy, Tus, Upload, defaultOptions } = globalThis as any;
      const file = new File(['the same file'], 'same.txt', { type: 'text/plain', lastModified: 1 });
      // biome-ignore lint/suspicious/noExplicitAny: compiles the documented example
      const AsyncFunction = (async () => {}).constructor as any;
      for (const place of ['Task:1', 'Task:2', 'Task:1']) {
        if (isUppy) {
          const uppy = await new AsyncFunction('Uppy', 'Tus', 'key', 'place', `${code}; return uppy;`)(
            Uppy,
            Tus,
            key,
            place,
          );
          uppy.addFile({ name: file.name, type: file.type, data: file });
          const { failed } = await uppy.upload();
          if (failed.length > 0) throw new Error(failed[0].error);
        } else {
          const run = new AsyncFunction('Upload', 'defaultOptions', 'key', 'place', 'file', code);
          await new Promise((resolve, reject) => {
            class Awaited extends Upload {
              constructor(given: unknown, options: object) {
                super(given, { ...options, onSuccess: resolve, onError: reject });
              }
            }
            run(Awaited, defaultOptions, key, place, file).catch(reject);
          });
        }
      }
      return Object.keys(localStorage).filter((name) => name.startsWith('tus::'));
    },
    { key: server.key, ...source },
  );
}

test.runIf(isInstalled('Chromium')).each([
  ['tus-js-client', 'tus-js-client'],
  ['Uppy', '@uppy/core'],
])(
  'one file can be uploaded to two tasks, and again to the first, with %s as documented',
  {
    timeout: 120_000,
  },
  async (_client, module) => {
    await using site = await startSite();
    await using server = await startTestServer({ CORS_ORIGINS: site.origin });
    const code = await documented(module, `${server.url}/uploads`);
    const remembered = await uploadInPage(server, site.origin, { code, isUppy: module === '@uppy/core' });
    expect(await namesOn(server, 'Task:1')).toEqual(['same.txt', 'same.txt']);
    expect(await namesOn(server, 'Task:2')).toEqual(['same.txt']);
    expect(remembered).toEqual([]);
  },
);

test('rejects requests that continue an upload with the metadata of another task with 409', async () => {
  await using server = await startTestServer();
  const bytes = bytesOf(1000);
  const path = await begin(server, 1000, { on: 'Task:1' });
  const other = { 'upload-metadata': metadata({ filename: 'a.bin', on: 'Task:2' }) };
  expect((await tus(server, 'HEAD', path, other)).status).toBe(409);
  const refused = await tus(server, 'PATCH', path, { ...piece(0), ...other }, bytes);
  expect([refused.status, await refused.json()]).toEqual([
    409,
    { error: { code: 'CONFLICT', message: expect.stringMatching(/began with another "on".*Begin a new upload/) } },
  ]);
  expect(await offsetOf(server, path)).toBe(0);
  const same = { 'upload-metadata': metadata({ on: 'Task:1', filename: 'a.bin' }) };
  expect((await tus(server, 'HEAD', path, same)).status).toBe(200);
  expect((await tus(server, 'PATCH', path, { ...piece(0), ...same }, bytes)).status).toBe(204);
  expect((await tus(server, 'HEAD', path, other)).status).toBe(409);
  expect(await namesOn(server, 'Task:1')).toEqual(['a.bin']);
});

test('tus-js-client that sends its metadata when it resumes starts a new upload for another task', async () => {
  await using server = await startTestServer();
  const { location } = await uploadByTus(server, bytesOf(1000), { on: 'Task:1' });
  const second = { filename: 'a.bin', on: 'Task:2' };
  await uploadByTus(server, bytesOf(1000), second, {
    uploadUrl: location,
    onBeforeRequest: (request) => request.setHeader('Upload-Metadata', metadata(second)),
  });
  expect(await namesOn(server, 'Task:2')).toEqual(['a.bin']);
});
