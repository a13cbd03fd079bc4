import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ask, endpointOf } from '../support/client.ts';
import { uploadFile } from '../support/files.ts';
import { ADMIN_KEY, type TestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = resolve(import.meta.dirname, '../..');
const MINUTES = 60_000;
/** In bytes. What grows beyond it should be noticed. */
const MAX_TARBALL = 15 * 1024 ** 2;

const npm = (cwd: string, ...args: string[]) => promisify(execFile)('npm', args, { cwd, maxBuffer: 2 ** 24 });

test('what `npm pack` packs, installed into an empty folder, serves', { timeout: 10 * MINUTES }, async () => {
  await using folder = await temporaryFolder('package');
  await npm(root, 'pack', '--pack-destination', folder.path);
  const [tarball = ''] = await readdir(folder.path);
  expect((await stat(join(folder.path, tarball))).size).toBeLessThan(MAX_TARBALL);

  await writeFile(join(folder.path, 'package.json'), '{ "private": true }');
  await npm(folder.path, 'install', `./${tarball}`, '--prefer-offline', '--no-audit', '--no-fund');
  const installed = await readdir(join(folder.path, 'node_modules'));
  // All others are in the bundle, or needed to build it.
  expect(installed).toEqual(expect.arrayContaining(['attache', 'better-sqlite3', 'sharp']));
  expect(installed.length).toBeLessThan(15);

  // A group of its own: npx starts a shell, which starts the server.
  const child = spawn('npx', ['attache', 'serve'], {
    cwd: folder.path,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', ATTACHE_ADMIN_KEY: ADMIN_KEY },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const ended = once(child, 'close');
  try {
    const url = await new Promise<string>((listens, fails) => {
      let printed = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
        const [, found] = /listens at\s+(\S+)/.exec(printed) ?? [];
        if (found) listens(found);
      });
      void ended.then(() => fails(new Error(`The server ended:\n${printed}`)));
    });
    const server = endpointOf(url, ADMIN_KEY) as TestServer;
    const file = await uploadFile(server, 'Task:1', { name: 'a.txt', content: 'hello' });
    expect(await ask(server, `{ node(id: "${file.id}") { ... on File { size } } }`)).toEqual({ node: { size: 5 } });
    expect((await readdir(join(folder.path, 'data'))).includes('attache.db')).toBe(true);

    const env = { ...process.env, ATTACHE_URL: server.url, ATTACHE_KEY: ADMIN_KEY };
    const attache = (...args: string[]) => promisify(execFile)('npx', ['attache', ...args], { cwd: folder.path, env });
    await attache('upload', 'package.json', '--to', 'Task:1');
    expect((await attache('ls', 'Task:1')).stdout).toMatch(/\ta\.txt\n.*\tpackage\.json\n/);
    // Started by the Node of the system, which may be too old for the server.
    const PATH = process.env.PATH?.split(':')
      .filter((path) => !path.includes('node_modules'))
      .join(':');
    const command = join(folder.path, 'node_modules/.bin/attache');
    const { stdout } = await promisify(execFile)(command, ['ls', 'Task:1'], {
      cwd: folder.path,
      env: { ...env, PATH },
    });
    expect(stdout).toContain('a.txt');
  } finally {
    process.kill(-(child.pid as number), 'SIGTERM');
    await ended;
  }
});
