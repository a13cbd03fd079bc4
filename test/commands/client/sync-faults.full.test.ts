import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readFolder, readSides } from '../../../src/client/sync/read-sides.ts';
import type { FileState } from '../../../src/client/sync/state.ts';
import type { Endpoint } from '../../support/client.ts';
import { createCliUser, jsonLines } from '../../support/client-cli.ts';
import { list, uploadFile, uploadFiles } from '../../support/files.ts';
import { startPathProxy } from '../../support/path-proxy.ts';
import { startTestServer } from '../../support/server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A server behind a proxy, and a user of the command line whose folder `here` has been synced. */
async function startSynced(files: Record<string, string>) {
  const stack = new AsyncDisposableStack();
  const server = stack.use(await startTestServer());
  const proxy = stack.use(await startPathProxy(''));
  proxy.target = server.url;
  const user = stack.use(await createCliUser({ url: proxy.url, key: server.key }));
  await mkdir(user.path('here'));
  for (const [name, content] of Object.entries(files)) await writeFile(user.path('here', name), content);
  const sync = async (...args: string[]) => {
    const { code, stdout, stderr } = await user.run(['sync', 'here', 'Task:1', '--json', ...args]);
    return { code, stderr, actions: jsonLines(stdout).map(({ action, name }) => `${action} ${name}`) };
  };
  expect(await sync()).toMatchObject({ code: 0 });
  return { server, proxy, user, sync, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

const namesOn = async (server: Endpoint) => (await list(server, 'Task:1')).edges.map(({ node }) => node.name).sort();

/** Calls `work` once, at the first request that fits. */
function atFirst(fits: (request: IncomingMessage) => boolean, work: () => void) {
  let isDone = false;
  return (request: IncomingMessage) => {
    if (isDone || !fits(request)) return undefined;
    isDone = true;
    work();
    return undefined;
  };
}

const isQuery = ({ url }: IncomingMessage) => url === '/graphql';

test('nothing is detached when the folder is unmounted while the place is listed', async () => {
  await using synced = await startSynced({ 'a.txt': 'a', 'b.txt': 'b' });
  const { server, proxy, user, sync } = synced;
  proxy.refuses = atFirst(isQuery, () => {
    // As when a disk is unmounted: the folder is there, and empty.
    renameSync(user.path('here'), user.path('former'));
    mkdirSync(user.path('here'));
  });
  const { code, stderr, actions } = await sync('--delete');
  expect([code, actions]).toEqual([1, []]);
  expect(stderr).toContain('here is not the folder');
  expect(await namesOn(server)).toEqual(['a.txt', 'b.txt']);
  expect(await readdir(user.path('here'))).toEqual([]);
});

test('nothing more is detached when the folder is unmounted while files are detached', async () => {
  await using synced = await startSynced({ 'a.txt': 'a', 'b.txt': 'b' });
  const { server, proxy, user, sync } = synced;
  await rm(user.path('here/a.txt'));
  let requests = 0;
  // The second request follows the list: it reads the versions of the file that is to be detached.
  proxy.refuses = atFirst(
    (request) => isQuery(request) && ++requests === 2,
    () => {
      renameSync(user.path('here'), user.path('former'));
      mkdirSync(user.path('here'));
    },
  );
  const { code, actions } = await sync('--delete');
  expect([code, actions]).toEqual([1, expect.not.arrayContaining(['detachRemote a.txt'])]);
  expect(await namesOn(server)).toEqual(['a.txt', 'b.txt']);
  // A state in what is there instead would make the next run take all files for deleted.
  expect(await readdir(user.path('here'))).toEqual([]);
});

/** Reads a folder of two files, of which one is replaced after the names were read. */
async function readWhile(replace: (path: string) => void) {
  await using folder = await temporaryFolder('sync');
  const path = join(folder.path, 'temporary.txt');
  await writeFile(join(folder.path, 'a.txt'), 'a');
  await writeFile(path, 'x');
  class Replacing extends Map<string, FileState> {
    override has(name: string): boolean {
      if (name === 'temporary.txt') replace(path);
      return super.has(name);
    }
  }
  const context = { output: { note() {} } as never, signal: new AbortController().signal };
  const { local, blocked } = await readFolder(context, folder.path, { files: new Replacing() });
  return { local: [...local.keys()], blocked: [...blocked] };
}

test('a file that disappears while the folder is read is passed over', async () => {
  expect(await readWhile((path) => rmSync(path))).toEqual({ local: ['a.txt'], blocked: [] });
});

test('a file that is replaced by a link while the folder is read is not followed', async () => {
  const toLink = (path: string) => {
    rmSync(path);
    symlinkSync('/etc/hostname', path);
  };
  expect(await readWhile(toLink)).toEqual({ local: ['a.txt'], blocked: ['temporary.txt'] });
});

test('a file that changes just after it was uploaded becomes the next version, and no conflict', async () => {
  await using synced = await startSynced({ 'log.txt': '1' });
  const { server, proxy, user, sync } = synced;
  await writeFile(user.path('here/log.txt'), '1\n2');
  let hasChanged = false;
  proxy.loses = ({ method, url = '' }) => {
    if (!hasChanged && method === 'POST' && url.includes('/uploads')) {
      hasChanged = true;
      writeFileSync(user.path('here/log.txt'), '1\n2\n3');
    }
    return false;
  };
  await sync();
  expect(hasChanged).toBe(true);
  expect(await sync()).toMatchObject({ code: 0, actions: ['upload log.txt'] });
  expect(await sync()).toMatchObject({ code: 0, actions: [] });
  expect(await namesOn(server)).toEqual(['log.txt']);
});

test('a small file whose response is lost is uploaded once', async () => {
  await using server = await startTestServer();
  await using proxy = await startPathProxy('');
  proxy.target = server.url;
  await using user = await createCliUser({ url: proxy.url, key: server.key });
  await writeFile(user.path('a.txt'), 'a');
  let lost = 0;
  proxy.loses = ({ method, url = '' }) => method === 'POST' && url.includes('/uploads') && ++lost === 1;
  expect(await user.run(['upload', 'a.txt', '--to', 'Task:1'])).toMatchObject({ code: 0 });
  expect(lost).toBe(2);
  expect(await namesOn(server)).toEqual(['a.txt']);
});

test('a file that gets a version while the place is listed has one name', async () => {
  await using server = await startTestServer({ MAX_FILES: '200' });
  await using user = await createCliUser(server);
  await mkdir(user.path('here'));
  const files = Array.from({ length: 101 }, (_, index) => ({ name: `${index}.txt`, content: String(index) }));
  await uploadFiles(server, 'Task:1', files);
  const first = (await list(server, 'Task:1')).edges.find(({ node }) => node.name === '0.txt');
  const original = globalThis.fetch;
  using _ = { [Symbol.dispose]: () => Object.assign(globalThis, { fetch: original }) };
  let pages = 0;
  globalThis.fetch = async (...request) => {
    pages += 1;
    // The file is on the first page already, and now on the second as well.
    if (pages === 2) {
      Object.assign(globalThis, { fetch: original });
      await uploadFile(server, null, { name: '0.txt', content: 'next' }, { parentId: first?.node.id as string });
    }
    return original(...request);
  };
  const context = {
    connection: { url: server.url, key: server.key },
    signal: new AbortController().signal,
    output: { note() {} },
  } as never;
  const state = { files: new Map<string, FileState>() } as never;
  const { remote } = await readSides(context, user.path('here'), 'Task:1', state);
  expect(pages).toBe(2);
  expect([...remote.keys()].sort()).toEqual(files.map(({ name }) => name).sort());
  expect(remote.get('0.txt')).toMatchObject({ version: 2 });
});
