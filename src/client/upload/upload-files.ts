import mime from 'mime-types';
import type { Connection } from '../connection.ts';
import { ClientError, messageOf } from '../errors.ts';
import { hashFile, type LocalFile } from '../local-files.ts';
import type { Output } from '../output.ts';
import type { Progress } from '../progress.ts';
import { getFile, type RemoteFile } from '../remote-files.ts';
import { formatSize } from '../text.ts';
import { uploadLocalFile } from './tus-upload.ts';
import { fingerprintOf, type UploadUrls } from './upload-urls.ts';

export interface UploadContext {
  connection: Connection;
  signal: AbortSignal;
  output: Output;
  progress: Progress;
  urls: UploadUrls;
}

export interface UploadTarget {
  /** The attachable, as in `Task:1`. */
  on: string;
  /** Any version of the file of which the upload becomes the next one. */
  parentId?: string | undefined;
}

export interface UploadedFile extends RemoteFile {
  /** Bytes that an earlier run had sent. */
  resumedFrom: number;
}

/**
 * Uploads a file, and compares what the server has stored with `sha256`, or else with the file.
 * Throws `ClientError` when that changed meanwhile.
 */
export async function uploadFile(
  { connection, signal, output, progress, urls }: UploadContext,
  file: LocalFile & { sha256?: string },
  { on, parentId }: UploadTarget,
): Promise<UploadedFile> {
  const transfer = progress.start(file.name, file.size);
  const filetype = mime.lookup(file.name) || '';
  let resumedFrom = 0;
  try {
    const metadata = { filename: file.name, ...(filetype && { filetype }), on, ...(parentId && { parentId }) };
    const id = await uploadLocalFile(connection, file, metadata, {
      signal,
      location: urls.locationOf(await fingerprintOf(file, connection.url, on, parentId)),
      onProgress: (bytes) => transfer.update(bytes),
      onResume(offset) {
        if (resumedFrom === 0) output.note(`${file.label}: continues after ${formatSize(offset)}`);
        resumedFrom ||= offset;
      },
      onRetry: (error, delayMs) =>
        output.note(`${file.label}: ${messageOf(error)} Trying again in ${Math.ceil(delayMs / 1000)} s.`),
    });
    const stored = await getFile(connection, id, signal);
    if (stored.sha256 !== file.sha256 && stored.sha256 !== (await hashFile(file.path, signal)))
      throw new ClientError(`it changed while it was uploaded; ${id} has another content. Upload it again`);
    return { ...stored, resumedFrom };
  } finally {
    transfer.end();
  }
}
