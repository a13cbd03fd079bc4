import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { ClientError } from './errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where credentials are stored: https://specifications.freedesktop.org/basedir-spec/latest/ */
export const configFolder = (env: Environment): string => folderOf(env, 'XDG_CONFIG_HOME', '.config');

/** Where the state of uploads and of `watch` is stored. */
export const stateFolder = (env: Environment): string => folderOf(env, 'XDG_STATE_HOME', '.local/state');

/** "If an implementation encounters a relative path …, it should … ignore it." */
function folderOf(env: Environment, variable: string, fallback: string): string {
  const base = env[variable];
  return join(base && isAbsolute(base) ? base : join(env.HOME || homedir(), fallback), 'attache');
}

/** Only the user may read what is in these folders. */
const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;

/**
 * Writes a file that only the user can read, completely or not at all: a process that is killed
 * meanwhile leaves the former content.
 */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: PRIVATE_FOLDER });
  const next = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await using file = await open(next, 'wx', PRIVATE_FILE);
    await file.writeFile(text);
    await file.sync();
    await rename(next, path);
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  }
}

/** Whether a file is of the user who runs this process. Windows has no such numbers. */
export const isOwn = ({ uid }: Stats): boolean => process.getuid === undefined || uid === process.getuid();

/** Throws `ClientError` for a file of another user, who can change what it says. */
export function assertOwn(path: string, stats: Stats): void {
  if (!isOwn(stats)) throw new ClientError(`${path} belongs to another user: delete it, or take it over with chown.`);
}
