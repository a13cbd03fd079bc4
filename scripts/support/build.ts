import { createHash } from 'node:crypto';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const output = join(root, 'dist');
const stampFile = join(output, 'built-from');

/** The server as JavaScript, in few files: it starts in half the time that its sources take. */
export const builtServer = join(output, 'main.js');

/** Packages with native code, which find it beside themselves. */
const NATIVE = [/^better-sqlite3$/, /^sharp$/, /^pg-native$/];

let building: Promise<void> | undefined;

/**
 * Builds `dist/` from `src/` and the installed packages, unless it is up to date. Replaces the
 * folder as a whole, so that a server may be started while another process builds. Once per process.
 */
export function buildServer(): Promise<void> {
  building ??= build();
  return building;
}

async function build(): Promise<void> {
  const stamp = await hashInputs();
  if ((await readFile(stampFile, 'utf8').catch(() => '')) === stamp) return;
  // Imported only here: it is a development dependency, which a server that is built does without.
  const { build: bundle } = await import('rolldown');
  const built = `${output}.${process.pid}`;
  await bundle({
    input: {
      main: join(root, 'src/main.ts'),
      'decoder-process': join(root, 'src/files/thumbnails/decoder-process.ts'),
    },
    platform: 'node',
    external: NATIVE,
    // `main.ts` imports dynamically to set the compile cache first, not to split.
    checks: { ineffectiveDynamicImport: false },
    output: {
      dir: built,
      format: 'esm',
      sourcemap: true,
      chunkFileNames: '[name]-[hash].js',
    },
  });
  await writeFile(join(built, 'built-from'), stamp);
  await replaceFolder(output, built);
}

/** A hash of everything that a build reads: the sources and the versions of the packages. */
async function hashInputs(): Promise<string> {
  const entries = await readdir(join(root, 'src'), { recursive: true, withFileTypes: true });
  const sources = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hash = createHash('sha256');
  for (const file of [...sources.sort(), join(root, 'package-lock.json'), import.meta.filename]) {
    hash.update(file).update(await readFile(file));
  }
  return hash.digest('hex');
}

async function replaceFolder(folder: string, replacement: string): Promise<void> {
  const former = `${folder}.former.${process.pid}`;
  await rename(folder, former).catch(ignoreMissing);
  // Another process may have built the same meanwhile.
  await rename(replacement, folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
  await Promise.all([former, replacement].map((path) => rm(path, { recursive: true, force: true })));
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
