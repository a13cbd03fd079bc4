import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { builtServer } from '../../scripts/support/build.ts';
import { databaseEnv } from './database.ts';
import { processEnv } from './process.ts';
import type { TestServer } from './server.ts';

const root = resolve(import.meta.dirname, '../..');

/** Adds a user with the command line beside a running server. Returns the id and the key. */
export async function addUser(server: TestServer, name: string, ...options: string[]) {
  const [id = '', key = ''] = await run(server, 'user', 'add', name, ...options);
  return { id, key };
}

/** Creates another API key of a user with the command line. Returns the key. */
export async function addKey(server: TestServer, userId: string, ...options: string[]): Promise<string> {
  const [key = ''] = await run(server, 'key', 'add', userId, ...options);
  return key;
}

/** Runs a command beside a running server. Returns the lines that it prints. */
export async function run(server: TestServer, ...args: string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [builtServer, ...args], {
    cwd: root,
    env: { ...processEnv, DATA_DIR: server.dataDir, ...(await databaseEnv(server.dataDir)) },
  });
  return stdout.trim().split('\n');
}
