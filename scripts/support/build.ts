import { createHash } from 'node:crypto';
import { access, chmod, mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const output = join(root, 'dist');

/**
 * The server as JavaScript, in few files: it starts in half the time that its sources take. This
 * file imports the newest build, which has a folder of its own beside it.
 */
export const builtServer = join(output, 'main.js');

/** Packages with native code, which find it beside themselves. */
const NATIVE = [/^better-sqlite3$/, /^sharp$/, /^pg-native$/];
/** Builds that are kept: a server that still runs may import a file of its build later. */
const KEPT_BUILDS = 3;
const BEING_BUILT = 'building-';

let building: Promise<void> | undefined;

/**
 * Builds `dist/` from `src/` and the installed packages, unless it is up to date. Once per process;
 * other processes may build or start the server at the same time.
 */
export function buildServer(): Promise<void> {
  building ??= build();
  return building;
}

async function build(): Promise<void> {
  const name = await hashInputs();
  const pointer = `import './${name}/main.js';\n`;
  const folder = join(output, name);
  const isBuilt = await exists(folder);
  if (isBuilt && (await readFile(builtServer, 'utf8').catch(() => '')) === pointer) return;
  if (!isBuilt) await bundleInto(folder);
  const next = `${builtServer}.${process.pid}`;
  await writeFile(next, pointer);
  await sync(next);
  await rename(next, builtServer);
  await removeFormerBuilds(name);
}

/** The folder of the newest build. */
export async function currentBuild(): Promise<string> {
  const [, name] = /^import '\.\/([0-9a-f]+)\/main\.js';/.exec(await readFile(builtServer, 'utf8')) ?? [];
  if (!name) throw new Error(`${builtServer} names no build.`);
  return join(output, name);
}

async function bundleInto(folder: string): Promise<void> {
  const { build: bundle } = await importRolldown();
  console.log('Building the server …');
  await mkdir(output, { recursive: true });
  const unfinished = await mkdtemp(join(output, BEING_BUILT));
  await chmod(unfinished, 0o755); // The server may run as another user.
  await bundle({
    input: {
      main: join(root, 'src/main.ts'),
      'decoder-process': join(root, 'src/files/thumbnails/decoder-process.ts'),
      'sqlite-worker-thread': join(root, 'src/database/sqlite-worker-thread.ts'),
    },
    platform: 'node',
    external: NATIVE,
    // `main.ts` imports dynamically to set the compile cache first, not to split.
    checks: { ineffectiveDynamicImport: false },
    output: {
      dir: unfinished,
      format: 'esm',
      sourcemap: true,
      chunkFileNames: '[name]-[hash].js',
    },
  });
  // A power cut leaves either no build or a whole one.
  for (const file of await readdir(unfinished)) await sync(join(unfinished, file));
  await rename(unfinished, folder).catch(async (error: NodeJS.ErrnoException) => {
    // Another process has built the same meanwhile.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    await rm(unfinished, { recursive: true });
  });
}

/** Rolldown is a development package. A server that is built does without it. */
async function importRolldown(): Promise<typeof import('rolldown')> {
  try {
    return await import('rolldown');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error(
      'The server has to be built, which needs the development packages: run `npm ci --include=dev` and ' +
        '`npm run build`. `node dist/main.js` runs the last build, if there is one.',
      { cause: error },
    );
  }
}

/** A hash of everything that a build reads: the sources and the versions of the packages. */
async function hashInputs(): Promise<string> {
  const entries = await readdir(join(root, 'src'), { recursive: true, withFileTypes: true });
  const sources = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hash = createHash('sha256');
  for (const file of [...sources.sort(), join(root, 'package-lock.json'), import.meta.filename]) {
    const content = await readFile(file);
    hash.update(`${relative(root, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex').slice(0, 16);
}

/** Removes older builds, and what builds that were killed left behind an hour ago or earlier. */
async function removeFormerBuilds(current: string): Promise<void> {
  const folders = await Promise.all(
    (await readdir(output, { withFileTypes: true }))
      .filter((entry) => entry.isDirectory() && entry.name !== current)
      .map(async ({ name }) => ({ name, changed: (await stat(join(output, name))).mtimeMs })),
  );
  const [unfinished = [], builds = []] = [true, false].map((isUnfinished) =>
    folders.filter(({ name }) => name.startsWith(BEING_BUILT) === isUnfinished),
  );
  const hourAgo = Date.now() - 3_600_000;
  const former = builds.sort((a, b) => b.changed - a.changed).slice(KEPT_BUILDS - 1);
  const left = unfinished.filter(({ changed }) => changed < hourAgo);
  for (const { name } of [...former, ...left]) await rm(join(output, name), { recursive: true, force: true });
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

async function sync(path: string): Promise<void> {
  await using file = await open(path);
  await file.sync();
}
