import { Command, CommanderError } from 'commander';
import { documentsCommand } from './commands/documents.ts';
import { getCommand } from './commands/get.ts';
import { loginCommand, logoutCommand } from './commands/login.ts';
import { lsCommand } from './commands/ls.ts';
import { syncCommand } from './commands/sync.ts';
import { uploadCommand } from './commands/upload.ts';
import { watchCommand } from './commands/watch.ts';
import { ClientError, exitCodes } from './errors.ts';
import type { Environment } from './folders.ts';
import { printable } from './text.ts';

const commands = {
  upload: uploadCommand,
  ls: lsCommand,
  get: getCommand,
  watch: watchCommand,
  sync: syncCommand,
  login: loginCommand,
  logout: logoutCommand,
  documents: documentsCommand,
};

/** The commands for users. What each of them needs is loaded when it runs. */
export const createClientCommands = (env: Environment): Command[] =>
  Object.values(commands).map((createCommand) => createCommand(env));

/** Whether the first argument of the command line names a command for users. */
export const isClientCommand = (name: string | undefined): boolean =>
  name !== undefined && Object.hasOwn(commands, name);

/**
 * Runs a command for users, without loading the server, and returns the exit code. Failures that
 * the user can understand are printed as one line.
 */
export async function runClientCli(args: readonly string[], env: Environment): Promise<number> {
  const cli = new Command('attache').exitOverride();
  for (const command of createClientCommands(env)) cli.addCommand(command.copyInheritedSettings(cli));
  try {
    await cli.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
    if (error instanceof ClientError || isSystemError(error)) {
      console.error(`attache: ${printable(error.message)}`);
      return error instanceof ClientError ? error.exitCode : exitCodes.failed;
    }
    console.error(error);
    return exitCodes.failed;
  }
}

/** A file that may not be read, a disk that is full: Node's message names what and where. */
const isSystemError = (error: unknown): error is Error => error instanceof Error && 'syscall' in error;
