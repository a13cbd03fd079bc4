#!/usr/bin/env node
import * as modules from 'node:module';

// What is imported below does not even load on an older one, such as that of a distribution.
if (Number.parseInt(process.versions.node, 10) < 24) {
  console.error(`Attaché needs Node 24 or later, and this is ${process.versions.node}. One is in node_modules/.bin.`);
  process.exit(1);
}
// Compiled code is cached: the next start is faster and takes less memory.
modules.enableCompileCache();
const { isClientCommand, runClientCli, usageExitCode } = await import('./client/client-cli.ts');

// Commands for users do not load the server, and start several times as fast.
process.exitCode = isClientCommand(process.argv[2]) ? await runClient() : await runServerCli();

/** Runs a command for users, and returns the exit code. */
async function runClient(): Promise<number> {
  const { INIT_CWD, npm_lifecycle_event: script } = process.env;
  // `npm run attache` starts in the folder of the checkout: file names are those of the caller.
  if (script === 'attache' && INIT_CWD) process.chdir(INIT_CWD);
  return runClientCli(process.argv.slice(2), process.env);
}

/** Runs a command of the server, and returns the exit code. */
async function runServerCli(): Promise<number> {
  // Files of the server are for its user alone.
  process.umask(0o077);
  const { createCli } = await import('./cli.ts');
  const { ConfigError, readConfig } = await import('./config.ts');
  const { AttacheError } = await import('./errors.ts');
  const { explainStartError } = await import('./start-error.ts');
  try {
    const cli = createCli(process.env, (line) => console.log(line));
    if (process.argv.length > 2) await cli.parseAsync();
    else cli.outputHelp();
    return 0;
  } catch (thrown) {
    const usage = usageExitCode(thrown);
    if (usage !== undefined) return usage;
    const error = thrown instanceof ConfigError ? thrown : explainStartError(thrown, readConfig(process.env));
    // An error that the operator can fix is printed as one line, any other with its stack.
    const isPlain = error instanceof ConfigError || error instanceof AttacheError || isSystemError(error);
    console.error(isPlain ? error.message : error);
    return 1;
  }
}

/** A port that is in use, a folder that is not writable: Node's message names both. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error;
}
