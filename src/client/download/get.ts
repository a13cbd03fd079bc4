import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ClientContext, CommonOptions } from '../client-command.ts';
import { ClientError, messageOf, SignInError, UsageError } from '../errors.ts';
import { explainFileError } from '../file-error.ts';
import { exists, hashFile } from '../local-files.ts';
import { createProgress, type Progress } from '../progress.ts';
import { filePages, getFile, isFileId, parsePlace, type RemoteFile } from '../remote-files.ts';
import { formatSize } from '../text.ts';
import { type TransferOutcome, Transfers } from '../transfers.ts';
import { downloadFile } from './download-file.ts';
import { localName, localNames } from './local-name.ts';
import { writeToStandardOutput } from './standard-output.ts';

export interface GetOptions extends CommonOptions {
  output?: string;
  parallel: number;
  force: boolean;
  recursive: boolean;
}

/** Downloads a file, or all files of a place. A file that fails does not stop the others. */
export async function get(context: ClientContext, id: string, options: GetOptions): Promise<void> {
  const { connection, output } = context;
  if (options.output === '-') {
    if (!isFileId(id) || output.isJson) throw new UsageError('Only a single file can go to standard output.');
    await writeToStandardOutput(connection, await getFile(connection, id, context.signal), context.signal);
    return;
  }
  const transfers = new Transfers(context, options.parallel);
  const { signal } = transfers;
  const one: GetOneContext = { ...context, signal, progress: await createProgress(output), force: options.force };
  try {
    for await (const { file, path } of targets({ ...context, signal }, id, options))
      await transfers.add(() => getOne(one, file, path));
  } catch (error) {
    if (!transfers.hasBegun) throw error;
    // The transfers of the files before are stopped, and counted below.
    transfers.stop(error);
  }
  await transfers.conclude('downloaded');
}

interface Target {
  file: RemoteFile;
  path: string;
}

/** The files to download, and where each of them goes. */
async function* targets(
  { connection, signal }: ClientContext,
  id: string,
  { output = '.', recursive }: GetOptions,
): AsyncGenerator<Target, void, undefined> {
  if (isFileId(id)) {
    const file = await getFile(connection, id, signal);
    const isFolder = /[/\\]$/.test(output) || (await stat(output).catch(() => undefined))?.isDirectory();
    const path = isFolder ? join(output, localName(file.name)) : output;
    await mkdir(dirname(path), { recursive: true });
    yield { file, path };
    return;
  }
  const place = parsePlace(id);
  const nameOf = localNames();
  for await (const { files } of filePages(connection, place, { signal, recursive })) {
    await mkdir(output, { recursive: true });
    for (const file of files) yield { file, path: join(output, nameOf(file.name)) };
  }
}

type GetOneContext = ClientContext & { progress: Progress; force: boolean };

async function getOne(
  { connection, output, signal, progress, force }: GetOneContext,
  file: RemoteFile,
  path: string,
): Promise<TransferOutcome> {
  const transfer = progress.start(file.name, file.size);
  try {
    const isThere = await exists(path);
    const status = isThere && (await hasContent(path, file, signal)) ? 'skipped' : 'downloaded';
    if (status === 'downloaded') {
      if (isThere && !force) throw new ClientError('a file with another content is there; --force replaces it');
      await downloadFile(connection, file, path, {
        signal,
        replace: force,
        onProgress: (bytes) => transfer.update(bytes),
        onResume: (offset) => output.note(`${path}: continues after ${formatSize(offset)}`),
        onRetry: (error, delayMs) =>
          output.note(`${path}: ${messageOf(error)} Trying again in ${Math.ceil(delayMs / 1000)} s.`),
      });
    }
    output.result({ status, path, ...file }, [status, file.id, path]);
    return status;
  } catch (thrown) {
    if (thrown instanceof SignInError) throw thrown;
    if (signal.aborted) return 'stopped';
    const error = explainFileError(thrown);
    const code = error instanceof ClientError ? error.code : (error as NodeJS.ErrnoException).code;
    const failure = { status: 'failed', path, id: file.id, error: { message: messageOf(error), code } };
    if (output.isJson) output.result(failure, []);
    output.note(`failed: ${path}: ${messageOf(error)}`);
    return 'failed';
  } finally {
    transfer.end();
  }
}

/** Whether a file of this machine has the content of one of the server. */
async function hasContent(path: string, { size, sha256 }: RemoteFile, signal: AbortSignal): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined); // a link to nothing
  if (!stats?.isFile() || stats.size !== size) return false;
  return (await hashFile(path, signal)) === sha256;
}
