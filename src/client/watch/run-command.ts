import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ClientError, UsageError } from '../errors.ts';

/**
 * Splits a command into words as a shell does: at spaces, except in quotes and after a backslash.
 * Nothing else has a meaning.
 */
export function splitCommand(command: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < command.length; at++) {
    const character = command[at] as string;
    if (quote === '' && /\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === '\\' && quote !== "'") {
      at += 1;
      word = (word ?? '') + (command[at] ?? '\\');
    } else if (character === quote) quote = '';
    else if (quote === '' && (character === '"' || character === "'")) {
      quote = character;
      word ??= '';
    } else word = (word ?? '') + character;
  }
  if (quote !== '') throw new UsageError(`A ${quote} is not closed in: ${command}`);
  if (word !== undefined) words.push(word);
  if (words.length === 0) throw new UsageError('The command of --exec is empty.');
  return words;
}

export interface CommandRun {
  /** The words of the command, in which `{}` stands for the path. */
  words: readonly string[];
  path: string | undefined;
  env: Record<string, string | undefined>;
  signal: AbortSignal;
}

/**
 * Runs a command, and throws `ClientError` unless it exits with 0. There is no shell: a file that
 * is called `$(rm -rf ~)` is an argument like any other.
 */
export async function runCommand({ words, path = '', env, signal }: CommandRun): Promise<void> {
  const [program = '', ...args] = words.map((word) => word.replaceAll('{}', () => path));
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
