import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ClientError } from './errors.ts';
import { assertOwn, configFolder, type Environment, writePrivateFile } from './folders.ts';

/** The servers that the user signed in to. */
export interface Credentials {
  /** The server of commands that name none. */
  defaultUrl?: string | undefined;
  servers: Record<string, { key: string; user: string }>;
}

export const credentialsPath = (env: Environment): string => join(configFolder(env), 'credentials.json');

/**
 * Reads the stored credentials; there are none before the first `attache login`. Refuses a file
 * that others own, can read or replace: a key in it is no secret any more.
 */
export async function readCredentials(env: Environment): Promise<Credentials> {
  const path = credentialsPath(env);
  const text = await readFile(path, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return undefined;
    throw new ClientError(`${path} cannot be read: ${error.message}`, { cause: error });
  });
  if (text === undefined) return { servers: {} };
  await assertPrivate(path);
  try {
    const { defaultUrl, servers } = JSON.parse(text);
    return { defaultUrl, servers: servers ?? {} };
  } catch (error) {
    throw new ClientError(`${path} is damaged: delete it and run "attache login" again.`, { cause: error });
  }
}

export async function writeCredentials(env: Environment, credentials: Credentials): Promise<void> {
  await writePrivateFile(credentialsPath(env), `${JSON.stringify(credentials, null, 2)}\n`);
}

/** Windows has no such modes: there, the profile of a user is private. */
async function assertPrivate(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const stats = await stat(path);
  assertOwn(path, stats);
  if ((stats.mode & 0o077) !== 0)
    throw new ClientError(
      `Others can read ${path}. Run "chmod 600 ${path}", and revoke its keys if someone may have read them.`,
    );
  const folder = dirname(path);
  const folderStats = await stat(folder);
  assertOwn(folder, folderStats);
  if ((folderStats.mode & 0o022) !== 0)
    throw new ClientError(`Others can change files in ${folder}. Run "chmod 700 ${folder}".`);
}
