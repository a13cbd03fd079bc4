import { createHash } from 'node:crypto';
import { access, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** Where the builds are, each in a folder whose name is a hash of what it was built from. */
export const output = join(root, 'dist');

const BEING_BUILT = 'building-';
/** Builds that are kept: a server that still runs may read a file of its build later. */
const KEPT_BUILDS = 3;

/**
 * A hash of everything that a build reads: the sources of a folder, the scripts that build, and the
 * versions of the packages.
 */
export async function hashInputs(sources: string, scripts: string[]): Promise<string> {
  const entries = await readdir(sources, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hash = createHash('sha256');
  for (const file of [...files.sort(), join(root, 'package-lock.json'), ...scripts]) {
    const content = await readFile(file);
    hash.update(`${relative(root, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex').slice(0, 16);
}

/** Runs a build into a new folder and moves it to its place at its end, unless it is there. */
export async function buildInto(folder: string, build: (unfinished: string) => Promise<void>): Promise<void> {
  const unfinished = await mkdtemp(join(output, BEING_BUILT));
  await build(unfinished);
  await rename(unfinished, folder).catch(async (error: NodeJS.ErrnoException) => {
    // Another process has built the same meanwhile.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    await rm(unfinished, { recursive: true });
  });
}

/**
 * Removes older builds of a kind, by their names, and what builds that were killed left
 * behind an hour ago or earlier.
 */
export async function removeFormerBuilds(kind: RegExp, current: string): Promise<void> {
  const entries = (await readdir(output, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const folders = await Promise.all(
    entries.map(async ({ name }) => ({ name, changed: (await stat(join(output, name))).mtimeMs })),
  );
  const hourAgo = Date.now() - 3_600_000;
  const left = folders.filter(({ name, changed }) => name.startsWith(BEING_BUILT) && changed < hourAgo);
  const former = folders
    .filter(({ name }) => kind.test(name) && name !== current)
    .sort((a, b) => b.changed - a.changed)
    .slice(KEPT_BUILDS - 1);
  for (const { name } of [...former, ...left]) await rm(join(output, name), { recursive: true, force: true });
}

export const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
