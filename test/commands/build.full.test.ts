import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = resolve(import.meta.dirname, '../..');
const run = (folder: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, args, { cwd: folder }).catch((error) => error as { stderr: string });

/** A checkout below this one, with the packages named `packages` alone, or all. */
async function checkout(folder: string, packages?: string[]): Promise<void> {
  for (const name of ['src', 'packages', 'scripts', 'dist', 'package.json', 'package-lock.json'])
    await cp(join(root, name), join(folder, name), { recursive: true });
  if (!packages) return symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await mkdir(join(folder, 'node_modules'));
  for (const name of packages) await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name));
}

test('a copied build is up to date, and without the development packages a changed source is reported', async () => {
  await using folder = await temporaryFolder('build');
  await checkout(folder.path, ['better-sqlite3', 'sharp']);
  expect(await run(folder.path, 'scripts/build.ts')).toMatchObject({ stdout: '', stderr: '' });
  expect(await run(folder.path, 'dist/main.js', '--help')).toMatchObject({
    stdout: expect.stringContaining('Usage: attache'),
  });

  await writeFile(join(folder.path, 'src/added.ts'), '');
  const { stderr } = await run(folder.path, 'scripts/build.ts');
  expect(stderr).toMatch(/^The server has to be built, .* `npm ci --include=dev`.*\n$/);
});

test('a build replaces one that lost its files, and keeps the builds of servers that still run', async () => {
  await using folder = await temporaryFolder('build');
  await checkout(folder.path);
  const before = await readFile(join(folder.path, 'dist/main.js'), 'utf8');
  await writeFile(join(folder.path, 'src/added.ts'), '');
  expect(await run(folder.path, 'scripts/build.ts')).toMatchObject({
    stdout: '',
    stderr: expect.stringMatching(/^(Building the \w+ …\n)+$/),
  });
  expect(await readFile(join(folder.path, 'dist/main.js'), 'utf8')).not.toBe(before);
  const builds = (await readdir(join(folder.path, 'dist'))).filter((name) => name !== 'main.js');
  expect(builds.length).toBeGreaterThan(1);
  expect(builds.filter((name) => name.startsWith('building-'))).toEqual([]);

  await rm(join(folder.path, 'dist/main.js'));
  await run(folder.path, 'scripts/build.ts');
  expect(await run(folder.path, 'dist/main.js', '--help')).toMatchObject({ stderr: '' });
});
