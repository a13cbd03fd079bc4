import { uploadByTus } from 'attache-client/tus';
import type { UploadServer } from 'attache-client/uploads';
import { serverUrl } from '../api/server-url.ts';
import type { JobHost } from './job-host.ts';
import { sendBatch } from './send-batch.ts';
import type { Batch, Entry } from './upload-entry.ts';
import type { UploadTarget } from './upload-item.ts';

/** What an attempt reports to its job. */
export interface AttemptOptions {
  signal: AbortSignal;
  /** Called whenever the server has stored more bytes. */
  onStored(): void;
  /** Called when all bytes of the request were sent. */
  onSent(): void;
}

/** The server with the token of the user. The queue repeats attempts, and not attache-client. */
export function createServer(token: JobHost['token'], chunkSize?: number): UploadServer {
  let last: string | undefined;
  return {
    url: serverUrl('graphql'),
    async token({ isRefused }) {
      last = await token(isRefused ? last : undefined);
      return last;
    },
    retries: 0,
    ...(chunkSize && { chunkSize }),
  };
}

/** Sends a file by tus, from the last byte that the server has. */
export async function attemptLarge(entry: Entry, host: JobHost, { signal, onStored }: AttemptOptions): Promise<void> {
  const { stored, limits, progressed } = host;
  const server = createServer(host.token, limits.chunkBytes);
  const fileId = await uploadByTus(server, entry.file, metadataOf(entry.file, entry.target), {
    signal,
    location: {
      get: () => {
        entry.uploadUrl ??= stored.find(entry.fingerprint);
        return entry.uploadUrl;
      },
      set(url) {
        entry.uploadUrl = url;
        stored.keep(entry.fingerprint, url, entry.file.name, entry.target);
      },
      remove() {
        entry.uploadUrl = undefined;
        stored.remove(entry.fingerprint);
      },
    },
    onStored,
    onProgress(sentBytes) {
      entry.progress(sentBytes);
      progressed();
    },
  });
  entry.become('done', { fileId });
}

function metadataOf({ name, type }: File, { on, parentId }: UploadTarget): Record<string, string> {
  return { filename: name, filetype: type, ...(on ? { on } : {}), ...(parentId ? { parentId } : {}) };
}

/** Sends small files in one request, with the key of their batch. */
export async function attemptBatch(
  { entries, idempotencyKey }: Batch,
  host: JobHost,
  { signal, onSent }: AttemptOptions,
): Promise<void> {
  const [first] = entries as [Entry];
  const total = entries.reduce((sum, { file }) => sum + file.size, 0);
  const results = await sendBatch(createServer(host.token), {
    on: first.target.on as string,
    files: entries.map(({ file }) => file),
    idempotencyKey,
    signal,
    onProgress(sentBytes) {
      if (sentBytes === total) onSent();
      // The parts of a form are sent one after the other.
      let sent = sentBytes;
      for (const entry of entries) {
        entry.progress(Math.min(sent, entry.file.size));
        sent = Math.max(0, sent - entry.file.size);
      }
      host.progressed();
    },
  });
  for (const [index, entry] of entries.entries()) {
    entry.batch = undefined; // Its result is known.
    const result = results[index];
    if (!result) continue;
    if ('error' in result) entry.become('failed', { problem: result.error });
    else if (entry.isCancelled) host.removeFile(result.fileId);
    else entry.become('done', { fileId: result.fileId });
  }
}
