import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { builtServer } from '../../scripts/support/build.ts';
import { ask } from '../support/client.ts';
import { databaseEnv } from '../support/database.ts';
import { KEY, listAll, upload } from '../support/durability-files.ts';
import { processEnv, type ServerProcess, startProcess } from '../support/process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const printedKey = (server: ServerProcess) => /Administrator key\s+(\S+)/.exec(server.printed())?.[1];

test('the administrator key is printed at the first start only and still works after a restart', async () => {
  await using folder = await temporaryFolder('key');
  await using first = await startProcess({ DATA_DIR: folder.path });
  await first.end('SIGTERM');
  const key = printedKey(first) ?? 'none was printed';

  await using second = await startProcess({ DATA_DIR: folder.path });
  expect(await listAll(second, key)).toEqual([]);
  await second.end('SIGTERM');
  expect(printedKey(second)).toBeUndefined();
  expect(second.printed() + second.logged()).not.toContain(key);
});

test('a first start that fails on a port that is in use creates no key, and the next start prints it', async () => {
  await using folder = await temporaryFolder('key');
  await using occupied = createServer().listen(0, '127.0.0.1');
  await once(occupied, 'listening');
  const { port } = occupied.address() as AddressInfo;
  const failure = await startProcess({ DATA_DIR: folder.path, PORT: `${port}` }).catch((error: Error) => error.message);
  expect(failure).toContain(`Port ${port} is in use`);
  expect(failure).not.toContain('att_');

  await using second = await startProcess({ DATA_DIR: folder.path });
  expect(await listAll(second, printedKey(second) ?? 'none was printed')).toEqual([]);
  await second.end('SIGTERM');
});

test('the printed administrator key works after the first start was killed as soon as it printed it', async () => {
  await using folder = await temporaryFolder('key');
  const env = { ...processEnv, PORT: '0', DATA_DIR: folder.path, ...(await databaseEnv(folder.path)) };
  const first = spawn(process.execPath, [builtServer, 'serve'], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(first, 'close');
  let printed = '';
  for await (const text of first.stdout.setEncoding('utf8')) {
    printed += text;
    if (/att_[\w-]+\s/.test(printed)) first.kill('SIGKILL');
  }
  await ended;

  await using second = await startProcess({ DATA_DIR: folder.path });
  const key = /att_[\w-]+/.exec(printed)?.[0] ?? 'none was printed';
  expect(await ask(second, '{ viewer { isAdmin } }', {}, key)).toEqual({ viewer: { isAdmin: true } });
  await second.end('SIGTERM');
});

test('after ATTACHE_ADMIN_KEY changes, the new key works and the old one is rejected', async () => {
  await using folder = await temporaryFolder('key');
  const [old, fresh] = ['the-key-of-yesterday', 'the-key-of-today'];
  await using first = await startProcess({ DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: old });
  expect(await listAll(first, old)).toEqual([]);
  await first.end('SIGTERM');

  await using second = await startProcess({ DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: fresh });
  expect(await listAll(second, fresh)).toEqual([]);
  await expect(listAll(second, old)).rejects.toThrow('UNAUTHENTICATED');
  await second.end('SIGTERM');

  await using third = await startProcess({ DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: old });
  expect(await listAll(third, old)).toEqual([]);
  await expect(listAll(third, fresh)).rejects.toThrow('UNAUTHENTICATED');
});

test('a key that the operator chose is neither printed nor logged', async () => {
  await using folder = await temporaryFolder('key');
  await using server = await startProcess({ DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: KEY, LOG_LEVEL: 'trace' });
  await upload(server, Buffer.from('content'));
  await server.end('SIGTERM');
  expect(server.printed() + server.logged()).not.toContain(KEY);
});
