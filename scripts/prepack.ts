/**
 * Builds the server into `lib/`, which is what `npm pack` packs: one build, without the former
 * ones.
 */
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { buildServer, currentBuild } from './support/build.ts';

const lib = join(resolve(import.meta.dirname, '..'), 'lib');

await buildServer();
await rm(lib, { recursive: true, force: true });
await cp(await currentBuild(), lib, { recursive: true });
for (const name of await readdir(lib)) if (name.endsWith('.js.map')) await dropDependencySources(join(lib, name));

/**
 * Removes the sources of dependencies from a source map: they are most of it. Stack traces still
 * name their files and lines.
 */
async function dropDependencySources(path: string): Promise<void> {
  const map: { sources: string[]; sourcesContent: (string | null)[] } = JSON.parse(await readFile(path, 'utf8'));
  map.sourcesContent = map.sourcesContent.map((text, index) =>
    map.sources[index]?.includes('node_modules/') ? null : text,
  );
  await writeFile(path, JSON.stringify(map));
}
