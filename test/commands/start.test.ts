import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { builtServer } from '../../scripts/support/build.ts';
import { processEnv, startProcess } from '../support/process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = resolve(import.meta.dirname, '../..');

/** Runs the command line until it exits; returns the exit code and everything that it printed. */
async function attache(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [builtServer, ...args], {
    cwd: root,
    env: { ...processEnv, LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  const [code] = await once(child, 'close');
  return { code, printed };
}

test('prints the help when no command is given', async () => {
  const { code, printed } = await attache([]);
  expect(code).toBe(0);
  expect(printed).toMatch(/^Usage: attache/);
});

test('reports an unknown command by its name', async () => {
  const { code, printed } = await attache(['serv']);
  expect(code).toBe(2);
  expect(printed).toBe("error: unknown command 'serv'\n(Did you mean serve?)\n");
});

test('reports a data folder that is a file, or lies below one, in one sentence with its path', async () => {
  await using folder = await temporaryFolder('start');
  const file = join(folder.path, 'file');
  await writeFile(file, '');
  for (const dataDir of [file, join(file, 'below')]) {
    for (const command of [['serve'], ['user', 'list']]) {
      const { code, printed } = await attache(command, { DATA_DIR: dataDir, PORT: '0' });
      expect(code).toBe(1);
      expect(printed).toBe(
        `The data folder ${dataDir} is a file, or lies below one; set DATA_DIR to a folder, which is created if it does not exist.\n`,
      );
    }
  }
});

test('reports a data folder that cannot be created in one sentence with its path', async () => {
  const { code, printed } = await attache(['serve'], { DATA_DIR: '/proc/attache', PORT: '0' });
  expect(code).toBe(1);
  expect(printed).toBe(
    'The data folder /proc/attache cannot be created or written by this user; give the user the permission, or set DATA_DIR to another folder.\n',
  );
});

test('reports a port that is in use before it creates the first key, so that the next start prints the key', async () => {
  await using folder = await temporaryFolder('start');
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  for (const [name, others] of [
    ['PORT', {}],
    ['METRICS_PORT', { PORT: '0' }],
  ] as const) {
    const env = { DATA_DIR: folder.path, ...others, [name]: String(port) };
    expect(await attache(['serve'], env)).toEqual({
      code: 1,
      printed: `Port ${port} is in use; set ${name} to another one, or stop the program that listens there.\n`,
    });
  }
  other.close();
  await using server = await startProcess({ DATA_DIR: folder.path });
  expect(server.printed()).toContain('Administrator key   att_');
});

test('warns about a variable that resembles a setting', async () => {
  await using folder = await temporaryFolder('start');
  await using server = await startProcess({ DATA_DIR: folder.path, MAX_FILSIZE: '1', HOSTNAME: 'x', PORTS: '1' });
  expect(server.printed()).toContain('MAX_FILSIZE is set and is no setting; MAX_FILE_SIZE is one.\n');
  expect(server.printed()).not.toContain('HOSTNAME');
});
