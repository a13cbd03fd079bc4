import type { Connection } from '../connection.ts';
import { ClientError, UnreachableError } from '../errors.ts';
import { connectionError, readResponse, responseError, send } from '../http.ts';
import type { RemoteFile } from '../remote-files.ts';

/** After this time without a byte, the connection is given up and the download resumed. */
const STALL_MS = 60_000;

/**
 * Requests the content of a file from an offset, and yields where each piece of it starts and its
 * bytes. It starts at 0 if the server sends the whole file.
 */
export async function* readContent(
  connection: Connection,
  { id, sha256, size }: RemoteFile,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<{ at: number; bytes: Uint8Array }, void, undefined> {
  const stall = new AbortController();
  const timer = setTimeout(() => stall.abort(), STALL_MS);
  try {
    const response = await open(connection, id, from > 0 ? rangeHeaders(from, sha256) : {}, {
      signal: AbortSignal.any([signal, stall.signal]),
    });
    let at = response.status === 206 ? startOf(response) : 0;
    if (at !== 0 && at !== from) throw new UnreachableError('the server sent another part of the file');
    for await (const bytes of response.body ?? []) {
      timer.refresh();
      yield { at, bytes };
      at += bytes.length;
      if (at > size) throw new ClientError('the server sent more than the file has');
    }
    if (at < size) throw new UnreachableError('The connection broke.');
  } catch (error) {
    signal.throwIfAborted();
    if (stall.signal.aborted) throw new UnreachableError('The connection stalled.', { cause: error });
    if (error instanceof ClientError) throw error;
    // What `yield` throws is of the consumer, and no `TypeError` of fetch.
    throw error instanceof TypeError ? connectionError(connection.url, error) : error;
  } finally {
    clearTimeout(timer);
    stall.abort();
  }
}

/** The ETag of a content is its SHA-256. */
const rangeHeaders = (from: number, sha256: string) => ({ range: `bytes=${from}-`, 'if-range': `"${sha256}"` });

async function open(
  connection: Connection,
  id: string,
  headers: Record<string, string>,
  { signal }: { signal: AbortSignal },
): Promise<Response> {
  const path = `/files/${id.slice('File:'.length)}/content`;
  // Offsets are those of the file, not of what a proxy has compressed.
  const plain: Record<string, string> = { ...headers, 'accept-encoding': 'identity' };
  let response = await send(connection, path, { headers: plain, signal });
  const location = response.headers.get('location');
  if (response.status === 307 && location) {
    // The storage has other ETags, and must not get the key. The hash is compared at the end.
    const { 'if-range': _, ...others } = plain;
    response = await fetch(new URL(location, connection.url), { headers: others, signal });
  }
  if (response.ok) return response;
  throw responseError(connection.url, await readResponse(response));
}

const startOf = (response: Response): number =>
  Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1] ?? 0);
