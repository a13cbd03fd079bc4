import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Environment, stateFolder } from '../folders.ts';
import { type LocalFile, statFile } from '../local-files.ts';

/**
 * Writes standard input to a temporary file: when the connection breaks, bytes have to be sent
 * again, and standard input can be read once. The caller removes the file.
 */
export async function saveStandardInput(env: Environment, name: string, signal: AbortSignal): Promise<LocalFile> {
  const folder = join(stateFolder(env), 'standard-input');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, randomUUID());
  try {
    await pipeline(process.stdin, createWriteStream(path, { mode: 0o600, flags: 'wx' }), { signal });
  } catch (error) {
    await rm(path, { force: true });
    signal.throwIfAborted();
    throw error;
  }
  return { ...(await statFile(path, name)), label: name };
}
