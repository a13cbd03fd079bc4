import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { UploadLocation } from 'attache-client/tus';
import { type Environment, stateFolder } from '../folders.ts';
import { type LocalFile, realPathOf } from '../local-files.ts';

/** Remembers the URLs of unfinished uploads, so that another run of the command continues them. */
export interface UploadUrls {
  locationOf(fingerprint: string): UploadLocation;
}

/** The server forgets unfinished uploads sooner than this, unless configured otherwise. */
const MAX_AGE_MS = 30 * 86_400_000;

/** A file for each upload, because runs of the command may upload at the same time. */
export async function openUploadUrls(env: Environment): Promise<UploadUrls> {
  const folder = join(stateFolder(env), 'uploads');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await removeOld(folder);
  return {
    locationOf(fingerprint) {
      const path = join(folder, fingerprint);
      return {
        get: () => (existsSync(path) ? readFileSync(path, 'utf8') : undefined),
        set(url) {
          mkdirSync(folder, { recursive: true, mode: 0o700 });
          const next = `${path}.${process.pid}.tmp`;
          writeFileSync(next, url, { mode: 0o600 });
          renameSync(next, path);
        },
        remove: () => rmSync(path, { force: true }),
      };
    },
  };
}

/**
 * Identifies the upload of one content of a file to one place. A file that changed since has
 * another fingerprint, and is uploaded from its start.
 */
export async function fingerprintOf(
  { path, size, mtimeMs }: LocalFile,
  ...target: readonly (string | undefined)[]
): Promise<string> {
  const identity = [await realPathOf(path), size, mtimeMs, ...target.map((part) => part ?? '')];
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex');
}

async function removeOld(folder: string): Promise<void> {
  const before = Date.now() - MAX_AGE_MS;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const stats = await stat(path).catch(() => undefined); // another run may have removed it
    if (stats && stats.mtimeMs < before) await rm(path, { force: true });
  }
}
