import { Command, CommanderError } from 'commander';
import { printable } from '../printable.ts';
import { documentsCommand } from './commands/documents.ts';
import { getCommand } from './commands/get.ts';
import { loginCommand, logoutCommand } from './commands/login.ts';
import { lsCommand } from './commands/ls.ts';
import { syncCommand } from './commands/sync.ts';
import { uploadCommand } from './commands/upload.ts';
import { watchCommand } from './commands/watch.ts';
import { ClientError, exitCodes, messageOf } from './errors.ts';
import { explainFileError } from './file-error.ts';
import type { Environment } from './folders.ts';

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
 * What the process exits with after an error of commander, which has printed it: 2 for arguments
 * that make no sense, 0 after `--help`. Undefined for any other error.
 */
export function usageExitCode(error: unknown): number | undefined {
  if (!(error instanceof CommanderError)) return undefined;
  return error.exitCode === 0 ? 0 : exitCodes.usage;
}

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
  } catch (thrown) {
    const usage = usageExitCode(thrown);
    if (usage !== undefined) return usage;
    const error = explainPath(thrown);
    if (error instanceof ClientError || isSystemError(error)) {
      console.error(`attache: ${printable(error.message)}`);
      return error instanceof ClientError ? error.exitCode : exitCodes.failed;
    }
    console.error(error);
    return exitCodes.failed;
  }
}

/** Says in words what is wrong with a path, if that is known. */
function explainPath(error: unknown): unknown {
  const { path } = error as { path?: unknown };
  const explained = isSystemError(error) && typeof path === 'string' ? explainFileError(error) : error;
  return explained === error ? error : new ClientError(`${path}: ${messageOf(explained)}`, { cause: error });
}

/** A file that may not be read, a disk that is full: Node's message names what and where. */
const isSystemError = (error: unknown): error is Error => error instanceof Error && 'syscall' in error;
