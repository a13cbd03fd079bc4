#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// What the server keeps is nobody else's on this machine.
process.umask(0o077);
// What was compiled once starts faster and takes less memory the next time.
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
  // What the operator can mend is told in a line; anything else with all that is known of it.
  const isPlain = error instanceof ConfigError || error instanceof AttacheError || isOfTheSystem(error);
  console.error(isPlain ? error.message : error);
  process.exitCode = 1;
}

/** A port that is taken, a folder that may not be written: Node's message says what and where. */
function isOfTheSystem(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error;
}
