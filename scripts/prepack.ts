/**
 * Builds the server into `lib/`, which is what `npm pack` packs: one build, without the former
 * ones.
 */
import { cp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { buildServer, currentBuild } from './support/build.ts';

const lib = join(resolve(import.meta.dirname, '..'), 'lib');

await buildServer();
await rm(lib, { recursive: true, force: true });
await cp(await currentBuild(), lib, { recursive: true });
