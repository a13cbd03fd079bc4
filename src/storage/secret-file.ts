import { randomBytes } from 'node:crypto';
import { link, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureFolder, syncFolder } from './folder.ts';

/** Of a secret, in bytes. */
const SECRET_BYTES = 32;

/**
 * The secret in a file of a folder, created when it is first read, for its owner alone. It is
 * written under another name and then linked, so that several processes that create it at once all
 * read the same one, and a crash leaves no part of one. Throws when the file holds anything else.
 */
export async function readOrCreateSecret(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  const known = await readSecret(path);
  if (known !== undefined) return known;
  await ensureFolder(folder);
  const staged = join(folder, `${name}.${randomBytes(8).toString('hex')}`);
  const handle = await open(staged, 'wx', 0o600);
  try {
    await handle.writeFile(`${randomBytes(SECRET_BYTES).toString('hex')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(staged, path);
  } catch (error) {
    // EEXIST: another process was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(staged);
  }
  await syncFolder(folder);
  const made = await readSecret(path);
  if (made === undefined) throw new Error(`${path} was removed while it was being created.`);
  return made;
}

async function readSecret(path: string): Promise<string | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const secret = text.trim();
  if (new RegExp(`^[0-9a-f]{${SECRET_BYTES * 2}}$`).test(secret)) return secret;
  throw new Error(`${path} contains no secret. Restore it from a backup, or remove it: then a new one is created.`);
}
