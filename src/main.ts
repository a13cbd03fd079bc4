#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// What the server keeps is nobody else's on this machine.
process.umask(0o077);
// What was compiled once starts faster and takes less memory the next time.
enableCompileCache();
const { createCli } = await import('./cli.ts');
const { ConfigError } = await import('./config.ts');
const { AttacheError } = await import('./errors.ts');

try {
  await createCli(process.env, (line) => console.log(line)).parseAsync();
} catch (error) {
  const isPlain = error instanceof ConfigError || error instanceof AttacheError;
  console.error(isPlain ? error.message : error);
  process.exitCode = 1;
}
