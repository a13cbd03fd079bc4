import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { temporaryFailure } from 'attache-client/errors';
import type { ClientContext } from '../client-command.ts';
import { downloadFile } from '../download/download-file.ts';
import { localName } from '../download/local-name.ts';
import { ClientError, messageOf, UsageError } from '../errors.ts';
import type { RemoteFile } from '../remote-files.ts';
import { assertProgram, runCommand, splitCommand } from './run-command.ts';

export interface HandlerOptions {
  /** The command to run for each file. */
  exec?: string;
  /** Whether to pass over a file whose command failed. */
  keepGoing: boolean;
}

export interface NewFile {
  file: RemoteFile;
  /** The attachable that it was added to: the one that is watched, or one below it. */
  on: string;
  at: string;
  actor?: { id: string; displayName: string };
  cursor: string;
}

/** Returns what `watch` does with each file: print it, and run the command if there is one. */
export async function createHandler(
  context: ClientContext,
  { exec, keepGoing }: HandlerOptions,
): Promise<(added: NewFile) => Promise<void>> {
  const { output, signal, env } = context;
  const argv = exec === undefined ? undefined : splitCommand(exec);
  if (argv) await assertProgram(argv[0] ?? '', env);
  return async (added) => {
    const { file, on, at, actor, cursor } = added;
    try {
      if (argv) await runFor(context, argv, added);
    } catch (error) {
      signal.throwIfAborted();
      if (temporaryFailure(error) || error instanceof UsageError) throw error;
      if (!keepGoing)
        throw new ClientError(
          `${messageOf(error)} for ${file.id}, ${file.name}. The next run begins with this file; ` +
            '--keep-going passes over it.',
          { cause: error },
        );
      output.note(`failed: ${file.id}, ${file.name}: ${messageOf(error)}`);
      if (output.isJson) output.result({ status: 'failed', file, on, at, cursor }, []);
      return;
    }
    output.result({ status: 'added', file, on, at, actor, cursor }, [at, on, file.id, file.name]);
    // A line that nobody has read is printed again by the next run.
    if (!argv) await output.flush();
  };
}

/** Downloads the file if the command has a `{}`, runs the command, and removes the file. */
async function runFor(
  { connection, env, signal }: ClientContext,
  argv: readonly string[],
  { file, on }: NewFile,
): Promise<void> {
  // Only the user can enter a folder that `mkdtemp` makes.
  const folder = argv.some((argument) => argument.includes('{}'))
    ? await mkdtemp(join(tmpdir(), 'attache-'))
    : undefined;
  try {
    const path = folder && join(folder, localName(file.name));
    if (path && !(await download(connection, file, path, signal))) return;
    await runCommand({
      argv,
      path,
      signal,
      env: {
        ...env,
        ATTACHE_FILE_ID: file.id,
        ATTACHE_FILE_NAME: withoutControls(file.name),
        ATTACHE_FILE_SHA256: file.sha256,
        ATTACHE_EVENT_ON: on,
      },
    });
  } finally {
    if (folder) await rm(folder, { recursive: true, force: true });
  }
}

/** Returns false when the file was removed meanwhile. */
async function download(
  connection: ClientContext['connection'],
  file: RemoteFile,
  path: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await downloadFile(connection, file, path, { signal, replace: false });
    return true;
  } catch (error) {
    if (error instanceof ClientError && error.code === 'NOT_FOUND') return false;
    throw error;
  }
}

/** A command that prints the name must not control the terminal by it; NUL cannot be passed. */
const withoutControls = (name: string): string => name.replace(/\p{Cc}/gu, '_');
