import { OperationError, type OperationResult } from './errors.ts';
import { executeMultipart, filesIn, totalSize, type UploadRequest } from './multipart.ts';
import { uploadByTus } from './tus.ts';
import type { TusMutation } from './tus-mutation.ts';
import { MAX_MULTIPART_SIZE, type TransferOptions, type UploadServer } from './upload-server.ts';

/** A file that was not stored, as in `FileError` of the schema. */
interface FileError {
  __typename: 'FileError';
  index: number;
  filename: string;
  message: string;
  code: string;
}

/**
 * Executes an operation with files in its variables, and returns its result as any GraphQL client
 * would. When the files are larger than `maxMultipartSize` in all, those of `uploadTaskFiles`,
 * `uploadProjectFiles`, `uploadCommentFiles` and `uploadEntityFiles` are sent by tus, one by one;
 * the result is the same. Every other operation is one request, whatever its size.
 *
 * With an `idempotencyKey` in its input, the same operation may be executed again after a lost
 * connection: nothing is stored twice. By tus, the upload of each file has the key with its index
 * appended, such as `my-key/0`, and continues where the first attempt ended. The server accepts 255
 * characters.
 */
export async function executeUpload<Data = Record<string, unknown>>(
  server: UploadServer,
  request: UploadRequest,
  options: TransferOptions = {},
): Promise<OperationResult<Data>> {
  const size = totalSize(filesIn(request.variables).values());
  if (size > (server.maxMultipartSize ?? MAX_MULTIPART_SIZE)) {
    // Only this needs the package `graphql`.
    const { tusMutationOf } = await import('./tus-mutation.ts');
    const mutation = tusMutationOf(request);
    if (mutation) return executeByTus(server, mutation, options);
  }
  return executeMultipart(server, request, options);
}

async function executeByTus<Data>(
  server: UploadServer,
  mutation: TusMutation,
  options: TransferOptions,
): Promise<OperationResult<Data>> {
  const { stored, refused } = await uploadEach(server, mutation, options);
  const [first] = refused;
  if (stored.length === 0 && first) return { errors: first.error.errors };
  const result = await executeMultipart<Record<string, object>>(server, mutation.attachRequest(stored), {
    signal: options.signal,
  });
  const errors = refused.map(
    ({ index, filename, error: { message, code } }): FileError => ({
      __typename: 'FileError',
      index,
      filename,
      message,
      code,
    }),
  );
  return mutation.resultOf(result, errors) as OperationResult<Data>;
}

/** Uploads the files in turn. A file that is refused does not keep the others from being stored. */
async function uploadEach(
  server: UploadServer,
  { files, metadata, idempotencyKey }: TusMutation,
  options: TransferOptions,
) {
  const { onProgress, signal } = options;
  const total = totalSize(files);
  const stored: string[] = [];
  const refused: { index: number; filename: string; error: OperationError }[] = [];
  let before = 0;
  for (const [index, file] of files.entries()) {
    const { name: filename = 'file' } = file as Partial<File>;
    const key = idempotencyKey === undefined ? {} : { idempotencyKey: `${idempotencyKey}/${index}` };
    try {
      const id = await uploadByTus(
        server,
        file,
        { filename, filetype: file.type, ...metadata, ...key },
        { signal, onProgress: onProgress && ((sent) => onProgress(before + sent, total)) },
      );
      stored.push(id);
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      refused.push({ index, filename, error });
    }
    before += file.size;
  }
  return { stored, refused };
}
