import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { databaseEnv } from './database.ts';
import type { TestServer } from './server.ts';

const root = resolve(import.meta.dirname, '../..');

/** Adds a user with the command line, as an operator does beside a running server. Answers the id and the key. */
export async function addUser(server: TestServer, name: string, ...options: string[]) {
  const { stdout } = await promisify(execFile)(process.execPath, ['src/main.ts', 'user', 'add', name, ...options], {
    cwd: root,
    env: { PATH: process.env.PATH, DATA_DIR: server.dataDir, ...(await databaseEnv(server.dataDir)) },
  });
  const [id = '', key = ''] = stdout.trim().split('\n');
  return { id, key };
}
