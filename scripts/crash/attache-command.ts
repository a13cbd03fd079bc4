import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/database/open.ts';
import { buildServer, builtServer } from '../support/build.ts';

/** Runs a command of the command line. Returns its output and its exit code. */
export async function runAttache(
  env: Record<string, string>,
  ...args: string[]
): Promise<{ printed: string; code: number | null }> {
  await buildServer();
  const child = spawn(process.execPath, [builtServer, ...args], { env: { ...process.env, ...env } });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  const code = await new Promise<number | null>((ended) => child.once('close', ended));
  return { printed, code };
}

/** The number of files in a folder of the storage, such as `blobs` or `staging`. */
export async function countStoredFiles(dataDir: string, part: string): Promise<number> {
  const entries = await readdir(join(dataDir, 'files', part), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).length;
}

/** The number of files whose bytes are in the database. */
export async function countSmallBlobs(env: Record<string, string>): Promise<number> {
  await using database = await openDatabase(readConfig(env).database);
  const rows: { count: number | string }[] = await database.em().execute('select count(*) as count from small_blobs');
  return Number(rows[0]?.count);
}
