import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * Where the built page is: beside the server that is built, and in `dist/web` for one that runs
 * from its sources. Undefined where it has not been built.
 */
export function webFolder(): string | undefined {
  const folders = [join(import.meta.dirname, 'web'), resolve(import.meta.dirname, '../../../dist/web')];
  return folders.find((folder) => existsSync(join(folder, 'index.html')));
}
