#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Files of the server are for its user alone.
process.umask(0o077);
// Compiled code is cached: the next start is faster and takes less memory.
enableCompileCache();
const { createCli } = await import('./cli.ts');
const { ConfigError, readConfig } = await import('./config.ts');
const { AttacheError } = await import('./errors.ts');
const { explainStartError } = await import('./start-error.ts');

try {
  const cli = createCli(process.env, (line) => console.log(line));
  if (process.argv.length > 2) await cli.parseAsync();
  else cli.outputHelp();
} catch (thrown) {
  const error = thrown instanceof ConfigError ? thrown : explainStartError(thrown, readConfig(process.env));
  // An error that the operator can fix is printed as one line, any other with its stack.
  const isPlain = error instanceof ConfigError || error instanceof AttacheError || isSystemError(error);
  console.error(isPlain ? error.message : error);
  process.exitCode = 1;
}

/** A port that is in use, a folder that is not writable: Node's message names both. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error;
}
