import { rm } from 'node:fs/promises';
import type { ClientContext, CommonOptions } from '../client-command.ts';
import { ClientError, messageOf, SignInError, UsageError } from '../errors.ts';
import { explainFileError } from '../file-error.ts';
import { findFiles, type LocalFile, type UnusablePath } from '../local-files.ts';
import { createProgress } from '../progress.ts';
import { listFiles, parsePlace } from '../remote-files.ts';
import { type TransferOutcome, Transfers } from '../transfers.ts';
import { type ExistingFiles, existingFiles } from './existing-files.ts';
import { saveStandardInput } from './standard-input.ts';
import { type UploadContext, uploadFile } from './upload-files.ts';
import { openUploadUrls } from './upload-urls.ts';

export interface UploadOptions extends CommonOptions {
  to: string;
  parallel: number;
  newVersion: boolean;
  hidden: boolean;
  name?: string;
}

/** Uploads paths to a place, several files at once. A file that fails does not stop the others. */
export async function upload(context: ClientContext, paths: string[], options: UploadOptions): Promise<void> {
  const { connection, output, env } = context;
  const transfers = new Transfers(context, options.parallel);
  const { signal } = transfers;
  const on = parsePlace(options.to);
  if (paths.includes('-') !== (options.name !== undefined))
    throw new UsageError('Give standard input a name: attache upload - --name report.pdf --to Task:1');
  const { files, viewerCanAttach } = await listFiles(connection, on, { signal });
  if (!viewerCanAttach) throw new ClientError(`You may see ${on}, but not add files to it.`, { code: 'FORBIDDEN' });
  const existing = existingFiles(files);
  const progress = await createProgress(output);
  const uploading: UploadContext = { connection, signal, output, progress, urls: await openUploadUrls(env) };
  const uploadFound = (found: LocalFile | UnusablePath) =>
    uploadOne(uploading, found, { on, existing, newVersion: options.newVersion });
  try {
    for await (const found of findFiles(
      paths.filter((path) => path !== '-'),
      options,
    )) {
      if (signal.aborted) break;
      await transfers.add(() => uploadFound(found));
    }
    if (options.name !== undefined) {
      const saved = await saveStandardInput(env, options.name, signal);
      await transfers.run(() => uploadFound(saved)).finally(() => rm(saved.path, { force: true }));
    }
  } catch (error) {
    // The transfers of the files before are stopped, and counted below.
    transfers.stop(error);
  }
  await transfers.conclude('uploaded');
}

interface UploadOneOptions {
  on: string;
  existing: ExistingFiles;
  newVersion: boolean;
}

async function uploadOne(
  context: UploadContext,
  found: LocalFile | UnusablePath,
  { on, existing, newVersion }: UploadOneOptions,
): Promise<TransferOutcome> {
  const { output, signal } = context;
  const path = found.label;
  try {
    if ('error' in found) throw found.error;
    const there = await existing.find(found, signal);
    const parentId = newVersion ? existing.sameName(found.name)?.id : undefined;
    const status = there ? 'skipped' : 'uploaded';
    const file = there ?? (await uploadFile(context, found, { on, parentId }));
    output.result({ status, path, ...file }, [status, file.id, path]);
    return status;
  } catch (thrown) {
    if (thrown instanceof SignInError) throw thrown;
    if (signal.aborted) return 'stopped';
    const error = explainFileError(thrown);
    const code = error instanceof ClientError ? error.code : (error as NodeJS.ErrnoException).code;
    if (output.isJson) output.result({ status: 'failed', path, error: { message: messageOf(error), code } }, []);
    output.note(`failed: ${path}: ${messageOf(error)}`);
    return 'failed';
  }
}
