import { createReadStream } from 'node:fs';
import type { DetailedError, HttpRequest, HttpResponse, Upload } from 'tus-js-client';
import type { Connection } from '../connection.ts';
import { ClientError, TransientError } from '../errors.ts';
import { connectionError, responseError } from '../http.ts';
import { isUnchanged, type LocalFile } from '../local-files.ts';
import { withRetry } from '../retry.ts';
import { tusHttpStack } from './tus-http-stack.ts';
import type { UploadUrls } from './upload-urls.ts';

/** A file of at most this many bytes is sent with the request that creates its upload. */
const ONE_REQUEST = 2 ** 20;
/** After this time without progress, the connection is given up and the upload resumed. */
const STALL_MS = 90_000;

export interface TusUploadOptions {
  signal: AbortSignal;
  urls: UploadUrls;
  fingerprint: string;
  /** As in `Upload-Metadata`: `filename`, `filetype`, `on`, `parentId`. */
  metadata: Record<string, string>;
  onProgress(bytes: number): void;
  /** The server has this many bytes already. */
  onResume(offset: number): void;
  onRetry(error: TransientError, delayMs: number): void;
}

/**
 * Uploads a file by tus, and returns the id of the new file, as in `File:42`. An earlier upload
 * with the same fingerprint continues at the offset of the server.
 */
export function uploadByTus(connection: Connection, file: LocalFile, options: TusUploadOptions): Promise<string> {
  const { signal, onRetry } = options;
  let reached = 0;
  return withRetry(
    (onAdvance) => {
      // Only what the server has kept is progress: bytes are sent in vain while it fails each time.
      const onResume = (offset: number) => {
        if (offset > reached) onAdvance();
        reached = Math.max(reached, offset);
        options.onResume(offset);
      };
      return attempt(connection, file, { ...options, onResume });
    },
    { signal, onRetry },
  );
}

async function attempt(
  connection: Connection,
  file: LocalFile,
  { signal, urls, fingerprint, metadata, onProgress, onResume }: TusUploadOptions,
): Promise<string> {
  const tus = await import('tus-js-client');
  if (!(await isUnchanged(file))) throw new ClientError('it changed while it was uploaded; upload it again');
  const uploadUrl = await urls.get(fingerprint);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  // tus-js-client reads from the path of the stream, at the offset of the server.
  const stream = createReadStream(file.path);
  stream.once('error', reject);
  let fileId: string | undefined;
  const stalled = setTimeout(() => reject(new TransientError('the connection stalled')), STALL_MS);
  const upload: Upload = new tus.Upload(stream as never, {
    endpoint: `${connection.url}/uploads`,
    ...(uploadUrl !== undefined && { uploadUrl }),
    headers: { authorization: `Bearer ${connection.key}` },
    metadata,
    httpStack: tusHttpStack,
    // `urls` does it: the storage of tus-js-client forgets a URL when a key has expired.
    storeFingerprintForResuming: false,
    retryDelays: null,
    // tus-js-client cannot read a range of an empty file.
    uploadDataDuringCreation: file.size > 0 && file.size <= ONE_REQUEST,
    onUploadUrlAvailable: () => urls.set(fingerprint, upload.url ?? ''),
    onAfterResponse(request, response) {
      stalled.refresh();
      fileId = response.getHeader('attache-file-id') ?? fileId;
      const offset = Number(response.getHeader('upload-offset') ?? 0);
      if (request.getMethod() === 'HEAD' && offset > 0) onResume(offset);
      // A new upload is begun for one that is gone, but not because a key or the server does not
      // work for a while.
      const status = response.getStatus();
      if (request.getMethod() === 'HEAD' && ![200, 204, 400, 404, 410].includes(status))
        throw responseOf(connection, request, response);
    },
    onProgress(bytes) {
      stalled.refresh();
      onProgress(bytes);
    },
    onSuccess: () =>
      fileId ? resolve(fileId) : reject(new ClientError('the server did not say which file it stored')),
    onError: (error) => reject(toClientError(connection, error as DetailedError)),
  });
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    upload.start();
    const id = await promise;
    await urls.remove(fingerprint);
    return id;
  } catch (error) {
    await upload.abort();
    throw error;
  } finally {
    clearTimeout(stalled);
    signal.removeEventListener('abort', stop);
    stream.destroy();
  }
}

function toClientError(connection: Connection, error: DetailedError): Error {
  const { originalResponse: response, originalRequest: request, causingError } = error;
  if (causingError instanceof ClientError) return causingError;
  if (response) return responseOf(connection, request, response);
  // Without a request, the failure is on this side: the file cannot be read.
  return request ? connectionError(connection.url, causingError ?? error) : error;
}

/**
 * 409 passes: another request has not released the upload yet, as after a lost connection, or the
 * offset is another one, which the next attempt requests.
 */
function responseOf({ url }: Connection, request: HttpRequest, response: HttpResponse): ClientError {
  const error = responseError(url, response.getStatus(), (name) => response.getHeader(name) ?? '', response.getBody());
  const isLocked = response.getStatus() === 409 && ['HEAD', 'PATCH'].includes(request.getMethod());
  return isLocked
    ? new TransientError(error.message, { cause: error, ...(error.code && { code: error.code }) })
    : error;
}
