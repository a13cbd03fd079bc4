import { OperationError } from 'attache-client/errors';
import { executeMultipart } from 'attache-client/multipart';
import type { UploadServer } from 'attache-client/uploads';
import { stringifyDocument } from 'urql';
import { type UploadData, uploadDocument } from './upload-documents.ts';
import { toUploadError, UploadError } from './upload-error.ts';

export interface BatchRequest {
  /** The attachable, as in `Task:1`. */
  on: string;
  files: readonly File[];
  /** The same for each attempt, so that a request whose response was lost stores nothing twice. */
  idempotencyKey: string;
  signal: AbortSignal;
  /** Called with the bytes of the files that were sent. */
  onProgress(sentBytes: number): void;
}

/** The id of a stored file, or why it was not stored. */
export type BatchResult = { fileId: string } | { error: UploadError };

/**
 * Uploads small files in one GraphQL multipart request, and resolves to a result for each. Rejects
 * with the error of the attempt when nothing was stored.
 */
export async function sendBatch(server: UploadServer, request: BatchRequest): Promise<BatchResult[]> {
  const { on, files, idempotencyKey, signal, onProgress } = request;
  const query = stringifyDocument(uploadDocument(on));
  const variables = { on, files, idempotencyKey };
  const { data, errors = [] } = await executeMultipart<UploadData>(
    server,
    { query, variables },
    { signal, onProgress },
  );
  if (!data) throw toUploadError(new OperationError(errors));
  const stored = data.stored.files.values();
  return files.map((_, index) => {
    const error = data.stored.errors.find((one) => one.index === index);
    const file = error ? undefined : stored.next().value;
    return file ? { fileId: file.id } : { error: new UploadError(error?.code ?? 'BAD_USER_INPUT', error?.message) };
  });
}
