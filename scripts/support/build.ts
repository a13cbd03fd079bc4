import { chmod, cp, mkdir, open, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { buildInto, exists, hashInputs, output, removeFormerBuilds } from './build-folders.ts';
import { buildWeb, webInputs } from './build-web.ts';

const root = resolve(import.meta.dirname, '../..');

/**
 * The server as JavaScript, in few files: it starts in half the time that its sources take. This
 * file imports the newest build, which has a folder of its own beside it.
 */
export const builtServer = join(output, 'main.js');

/**
 * The packages that are not in the bundle: the `dependencies`, which have native code and find it
 * beside themselves, and one that pg tries to import.
 */
async function externalPackages(): Promise<string[]> {
  const { dependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  return [...Object.keys(dependencies), 'pg-native'];
}

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
  const name = await hashInputs(join(root, 'src'), [import.meta.filename, ...(await webInputs())]);
  const pointer = `import './${name}/main.js';\n`;
  const folder = join(output, name);
  const isBuilt = await exists(folder);
  if (isBuilt && (await readFile(builtServer, 'utf8').catch(() => '')) === pointer) return;
  if (!isBuilt) await bundleInto(folder);
  const next = `${builtServer}.${process.pid}`;
  await writeFile(next, pointer);
  await sync(next);
  await rename(next, builtServer);
  await removeFormerBuilds(/^[0-9a-f]{16}$/, name);
}

/** The folder of the newest build. */
export async function currentBuild(): Promise<string> {
  const [, name] = /^import '\.\/([0-9a-f]+)\/main\.js';/.exec(await readFile(builtServer, 'utf8')) ?? [];
  if (!name) throw new Error(`${builtServer} names no build.`);
  return join(output, name);
}

async function bundleInto(folder: string): Promise<void> {
  const { build: bundle } = await importRolldown();
  const web = await buildWeb();
  console.error('Building the server …');
  await mkdir(output, { recursive: true });
  await buildInto(folder, async (unfinished) => {
    await chmod(unfinished, 0o755); // The server may run as another user.
    await bundle({
      input: {
        main: join(root, 'src/main.ts'),
        'decoder-process': join(root, 'src/files/thumbnails/decoder-process.ts'),
        'sqlite-worker-thread': join(root, 'src/database/sqlite-worker-thread.ts'),
      },
      platform: 'node',
      // graphql-js would check each value for being of another copy of it: there is one in the bundle.
      transform: { define: { 'process.env.NODE_ENV': '"production"' } },
      external: await externalPackages(),
      resolve: { alias: await clientSources() },
      // `main.ts` imports dynamically to set the compile cache first, not to split.
      checks: { ineffectiveDynamicImport: false },
      output: {
        dir: unfinished,
        format: 'esm',
        sourcemap: true,
        chunkFileNames: '[name]-[hash].js',
      },
    });
    await cp(web, join(unfinished, 'web'), { recursive: true });
    // A power cut leaves either no build or a whole one.
    for (const entry of await readdir(unfinished, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) await sync(join(entry.parentPath, entry.name));
  });
}

/** What the command line and the page have in common: the sources of the package, not its build. */
async function clientSources(): Promise<Record<string, string>> {
  const folder = join(root, 'packages/attache-client');
  const { exports } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  return Object.fromEntries(
    Object.entries<{ 'attache-source'?: string }>(exports).flatMap(([name, { 'attache-source': source }]) =>
      source ? [[join('attache-client', name), join(folder, source)]] : [],
    ),
  );
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

async function sync(path: string): Promise<void> {
  await using file = await open(path);
  await file.sync();
}
