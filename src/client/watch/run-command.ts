import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { ClientError, UsageError } from '../errors.ts';
import type { Environment } from '../folders.ts';

/**
 * Splits a command into arguments as a shell does: at spaces, except in quotes and after a
 * backslash. Nothing else has a meaning. Throws `UsageError` when a name could run as code.
 */
export function splitCommand(command: string): string[] {
  const argv: string[] = [];
  let argument: string | undefined;
  let quote = '';
  for (let at = 0; at < command.length; at++) {
    const character = command[at] as string;
    if (quote === '' && /\s/.test(character)) {
      if (argument !== undefined) argv.push(argument);
      argument = undefined;
    } else if (character === '\\' && quote !== "'") {
      at += 1;
      argument = (argument ?? '') + (command[at] ?? '\\');
    } else if (character === quote) quote = '';
    else if (quote === '' && (character === '"' || character === "'")) {
      quote = character;
      argument ??= '';
    } else argument = (argument ?? '') + character;
  }
  if (quote !== '') throw new UsageError(`A ${quote} is not closed in: ${command}`);
  if (argument !== undefined) argv.push(argument);
  if (argv.length === 0) throw new UsageError('The command of --exec is empty.');
  assertNotInScript(argv);
  return argv;
}

/**
 * Throws `UsageError` if there is no such program: it is found out before the first file is
 * downloaded. Windows finds programs by rules of its own, when it starts them.
 */
export async function assertProgram(program: string, { PATH = '' }: Environment): Promise<void> {
  if (process.platform === 'win32' || program.includes('{}')) return;
  const paths = program.includes('/') ? [program] : PATH.split(delimiter).map((folder) => join(folder || '.', program));
  for (const path of paths) if (await isExecutable(path)) return;
  throw new UsageError(`There is no program "${program}".`);
}

const isExecutable = async (path: string): Promise<boolean> => {
  const stats = await stat(path).catch(() => undefined);
  if (!stats?.isFile()) return false;
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
};

const shell =
  /(?:^|[\\/])(?:sh|ash|bash|csh|dash|fish|ksh|ksh93|mksh|tcsh|yash|zsh|busybox|cmd|powershell|pwsh)(?:\.exe)?$/i;

/**
 * A shell parses its script after `{}` was replaced: a file that is called `$(reboot).pdf` would
 * run a command. This also holds behind `env`, `nice` or `sudo`.
 */
function assertNotInScript(argv: readonly string[]): void {
  const at = argv.findIndex((argument) => shell.test(argument));
  if (at < 0) return;
  const isScript = (argument: string, index: number) =>
    argument.includes('{}') && (argument !== '{}' || /^(?:-[a-z]*c|\/c|-command)$/i.test(argv[index - 1] ?? ''));
  if (argv.some((argument, index) => index > at && isScript(argument, index)))
    throw new UsageError(
      'In the script of a shell, {} would run a name of a file as code. Pass {} as an argument: ' +
        `--exec 'sh -c "… \\"$1\\"" sh {}'`,
    );
}

export interface CommandRun {
  /** The program and its arguments, in which `{}` stands for the path. */
  argv: readonly string[];
  path: string | undefined;
  env: Record<string, string | undefined>;
  signal: AbortSignal;
}

/**
 * Runs a command, and throws `ClientError` unless it exits with 0. There is no shell: a file that
 * is called `$(rm -rf ~)` is an argument like any other, unless the command names a shell.
 */
export async function runCommand({ argv, path = '', env, signal }: CommandRun): Promise<void> {
  const [program = '', ...args] = argv.map((argument) => argument.replaceAll('{}', () => path));
  const child = spawn(program, args, { env, stdio: ['ignore', 'inherit', 'inherit'] });
  // The terminal sends SIGINT to the child as well; SIGTERM comes to this process alone.
  const stop = () => child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  try {
    const [code, killedBy] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    signal.throwIfAborted();
    if (code !== 0)
      throw new ClientError(`"${program}" ${killedBy ? `was ended by ${killedBy}` : `exited with ${code}`}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new UsageError(`There is no program "${program}".`);
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
