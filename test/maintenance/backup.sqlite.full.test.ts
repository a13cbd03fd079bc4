import { execFile } from 'node:child_process';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { runAttache } from '../../scripts/crash/attache-command.ts';
import { bytesOf, sha256 } from '../http/tus/client.ts';
import { ask, type Endpoint } from '../support/client.ts';
import { removeFile } from '../support/documents.ts';
import { cursorOf, readEventPage } from '../support/events.ts';
import { uploadFile } from '../support/files.ts';
import { startProcess } from '../support/process.ts';
import { isInstalled } from '../support/programs.ts';
import { ADMIN_KEY } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

interface Listed {
  task: { files: { nodes: { name: string; sha256: string; url: string }[] } };
}
const list = '{ task(id: "Task:1") { files { nodes { name sha256 url(expiresIn: 3600) } } } }';
const filesOf = async (server: Endpoint) => (await ask<Listed>(server, list)).task.files.nodes;
const namesOf = async (server: Endpoint) => (await filesOf(server)).map(({ name }) => name).sort();

test.runIf(isInstalled('SQLite'))(
  'the documented backup of a running server can be restored on another machine, with links and keys',
  { timeout: 120_000 },
  async () => {
    await using folder = await temporaryFolder('backup');
    const [data, backup, restored] = ['data', 'backup', 'restored'].map((name) => join(folder.path, name)) as [
      string,
      string,
      string,
    ];
    for (const path of [data, backup, restored]) await mkdir(path);
    const small = bytesOf(1000, 1);
    const large = bytesOf(3_000_000, 2);
    let link: string;
    let cursor: string;
    {
      await using server = await startProcess({ DATA_DIR: data, ATTACHE_ADMIN_KEY: ADMIN_KEY });
      await uploadFile(server, 'Task:1', { name: 'small.bin', content: new Blob([small]) });
      const file = await uploadFile(server, 'Task:1', { name: 'large.bin', content: new Blob([large]) });
      [link = ''] = (await filesOf(server)).filter(({ name }) => name === 'large.bin').map(({ url }) => url);

      let isRunning = true;
      const uploading = (async () => {
        for (let index = 0; isRunning; index++) {
          const content = new Blob([bytesOf(index % 2 ? 500 : 100_000, index)]);
          await uploadFile(server, 'Task:1', { name: `during${index}.bin`, content });
        }
      })();
      await run('sqlite3', [join(data, 'attache.db'), `.backup ${join(backup, 'attache.db')}`]);
      await cp(join(data, 'files/blobs'), join(backup, 'files/blobs'), { recursive: true });
      await cp(join(data, 'secret'), join(backup, 'secret'));
      isRunning = false;
      await uploading;

      // What happens after the backup is lost.
      await uploadFile(server, 'Task:1', { name: 'later.txt', content: 'later' });
      await ask(server, removeFile, { fileId: file.id });
      cursor = await cursorOf(server, 'Task:1');
      expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
    }

    await cp(backup, restored, { recursive: true });
    const env = { DATA_DIR: restored };
    expect(await runAttache(env, 'events', 'reset-cursors')).toMatchObject({ code: 0 });
    const verified = await runAttache(env, 'verify');
    expect(verified, verified.printed).toMatchObject({ code: 0 });
    await using server = await startProcess({ DATA_DIR: restored });
    const endpoint = { ...server, key: ADMIN_KEY };
    const names = await namesOf(endpoint);
    expect(names).toEqual(expect.arrayContaining(['large.bin', 'small.bin']));
    expect(names).not.toContain('later.txt');
    for (const { url, sha256: hash } of await filesOf(endpoint)) {
      const sent = await fetch(new URL(url, server.graphqlUrl));
      expect(sha256(Buffer.from(await sent.arrayBuffer()))).toBe(hash);
    }
    const { pathname, search } = new URL(link);
    const linked = await fetch(new URL(pathname + search, server.graphqlUrl));
    expect(sha256(Buffer.from(await linked.arrayBuffer()))).toBe(sha256(large));
    await expect(readEventPage(endpoint, 'Task:1', { after: cursor })).rejects.toThrow('CURSOR_EXPIRED');
    await uploadFile(endpoint, 'Task:1', { name: 'new.bin', content: new Blob([large]) });
    expect(await namesOf(endpoint)).toEqual([...names, 'new.bin'].sort());
  },
);
