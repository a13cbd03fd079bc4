import type { DetailedError, HttpResponse } from 'tus-js-client';
import { authorizedFetch } from '../api/authorized-fetch.ts';
import { serverUrl } from '../api/server-url.ts';
import { toUploadError, UploadError } from './upload-error.ts';
import type { UploadTarget } from './upload-item.ts';

export interface ResumableRequest {
  file: File;
  target: UploadTarget;
  /** The header `Authorization` of each request. */
  authorize(): Promise<string>;
  /** Address of the upload to continue; undefined to begin one. */
  uploadUrl: string | undefined;
  chunkBytes: number;
  signal: AbortSignal;
  /** Called with the bytes that were sent, and at first with those that the server has. */
  onProgress(sentBytes: number): void;
  /** Called with the bytes that the server has, whenever it reports them. */
  onOffset(storedBytes: number): void;
  /** Called when the address of the upload is known. */
  onUrl(url: string): void;
}

/** The library, which is loaded with the first view that uploads. */
export const loadTus = () => import('tus-js-client');

/**
 * Uploads a file by tus, in one attempt, and resolves to the id of the stored file. Rejects with
 * `UploadError`, and with the reason of `signal` when that is aborted.
 */
export async function sendResumable(request: ResumableRequest): Promise<string | undefined> {
  const { file, signal, target } = request;
  const { Upload } = await loadTus().catch(() => Promise.reject(new UploadError('UNREACHABLE')));
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    let fileId: string | undefined;
    const upload = new Upload(file, {
      endpoint: serverUrl('uploads'),
      uploadUrl: request.uploadUrl ?? null,
      async onBeforeRequest(sent) {
        sent.setHeader('authorization', await request.authorize());
      },
      metadata: metadataOf(file, target),
      chunkSize: request.chunkBytes,
      // Attempts and addresses are those of the queue.
      retryDelays: null,
      storeFingerprintForResuming: false,
      onUploadUrlAvailable: () => upload.url && request.onUrl(upload.url),
      onProgress: (sentBytes) => request.onProgress(sentBytes),
      onAfterResponse(sent, response) {
        fileId = response.getHeader('attache-file-id') ?? fileId;
        // The library would begin a new upload after any failure of the request for the offset.
        if (sent.getMethod() === 'HEAD' && !canRestart(response.getStatus())) throw fromResponse(response);
        const offset = response.getHeader('upload-offset');
        if (offset !== undefined && response.getStatus() < 300) request.onOffset(Number(offset));
      },
      onSuccess: () => resolve(fileId),
      onError: (error) => reject(fromTus(error)),
    });
    signal.addEventListener('abort', () => {
      void upload.abort();
      reject(signal.reason);
    });
    upload.start();
  });
}

/** Success, or the upload does not exist any more. */
const canRestart = (status: number) => status < 300 || status === 404 || status === 410;

function metadataOf(file: File, { on, parentId }: UploadTarget): Record<string, string> {
  return {
    filename: file.name,
    filetype: file.type,
    ...(on ? { on } : {}),
    ...(parentId ? { parentId } : {}),
  };
}

function fromTus(error: Error | DetailedError): UploadError {
  if ('originalResponse' in error) {
    if (error.causingError instanceof UploadError) return error.causingError;
    if (error.originalResponse) return fromResponse(error.originalResponse);
  }
  return new UploadError('UNREACHABLE', error.message);
}

const fromResponse = (response: HttpResponse): UploadError =>
  toUploadError({
    status: response.getStatus(),
    retryAfter: response.getHeader('retry-after'),
    body: response.getBody(),
  });

/** Deletes an unfinished upload from the server. The server deletes it later if this fails. */
export async function terminateUpload(url: string): Promise<void> {
  await authorizedFetch(url, { method: 'DELETE', headers: { 'tus-resumable': '1.0.0' } }).catch(() => {});
}
