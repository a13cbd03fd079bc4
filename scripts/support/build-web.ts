import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { buildInto, exists, hashInputs, output, removeFormerBuilds } from './build-folders.ts';

const root = resolve(import.meta.dirname, '../..');
const sources = join(root, 'src/web');
const config = join(import.meta.dirname, 'vite.config.ts');

/**
 * The newest build of the page: a link to a folder whose name is a hash of what it was built from.
 */
export const builtWeb = join(output, 'web');

let building: Promise<string> | undefined;

/**
 * Builds the page of `src/web/` into a folder of `dist/`, unless it is up to date, and resolves to
 * that folder. Once per process; other processes may build at the same time.
 */
export function buildWeb(): Promise<string> {
  building ??= build();
  return building;
}

async function build(): Promise<string> {
  const name = `web-${await hashInputs(sources, await webInputs())}`;
  const folder = join(output, name);
  if (!(await exists(folder))) await bundleInto(folder);
  await pointTo(name);
  await removeFormerBuilds(/^web-/, name);
  return folder;
}

/** What the page is built from and with, besides its sources and the installed packages. */
export async function webInputs(): Promise<string[]> {
  const folder = join(root, 'packages/attache-client/src');
  const sourcesOfPackage = (await readdir(folder)).sort().map((name) => join(folder, name));
  return [import.meta.filename, config, join(import.meta.dirname, 'web-plugins.ts'), ...sourcesOfPackage];
}

async function bundleInto(folder: string): Promise<void> {
  const vite = await import('vite');
  // Otherwise a build for a test would contain the slow and large development version of React.
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = 'production';
  console.error('Building the page …');
  await mkdir(output, { recursive: true });
  await buildInto(folder, async (unfinished) => {
    await vite.build({
      configFile: config,
      logLevel: 'error',
      build: { outDir: unfinished, emptyOutDir: true },
    });
    await compressFiles(unfinished);
  }).finally(() => {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
  });
}

/** Stores each file that gets smaller by it compressed as well: the server compresses nothing. */
async function compressFiles(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(m?js|css|svg|ttf)$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const content = await readFile(path);
    await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 }));
    const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
    await writeFile(`${path}.br`, await promisify(brotliCompress)(content, { params }));
  }
}

/** Points the link at a build, at once, so that a server that starts finds the one or the other. */
async function pointTo(name: string): Promise<void> {
  const next = `${builtWeb}.${process.pid}`;
  await rm(next, { force: true });
  await symlink(name, next);
  await rename(next, builtWeb);
}
