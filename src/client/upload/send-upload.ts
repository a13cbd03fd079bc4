import type { HttpRequest, HttpResponse } from 'attache-client/tus';
import type { Connection } from '../connection.ts';
import { ClientError, UnreachableError } from '../errors.ts';
import { connectionError, readResponse, responseError } from '../http.ts';

/** After this time without progress, the connection is given up and the upload resumed. */
const STALL_MS = 90_000;

/**
 * Sends a request of an upload. Unlike the one of attache-client, it reports progress in Node,
 * gives up a connection that stalls, and says what is wrong with it.
 */
export async function sendUpload({ url: server }: Connection, request: HttpRequest): Promise<HttpResponse> {
  const { url, method, headers, body, onSent, signal } = request;
  const stall = new AbortController();
  const timer = setTimeout(() => stall.abort(), STALL_MS);
  const onBytes = (bytes: number) => {
    timer.refresh();
    onSent?.(bytes);
  };
  try {
    const response = await fetch(url, {
      method,
      ...(body instanceof Blob
        ? { ...streamed(body, onBytes), headers: { ...headers, 'content-length': String(body.size) } }
        : { headers }),
      redirect: 'manual',
      signal: AbortSignal.any([stall.signal, ...(signal ? [signal] : [])]),
    });
    const read = await readResponse(response);
    if (read.status >= 300 && read.status < 400) throw responseError(server, read);
    return read;
  } catch (error) {
    signal?.throwIfAborted();
    if (stall.signal.aborted) throw new UnreachableError('The connection stalled.', { cause: error });
    if (isUnreadable(error)) throw new ClientError('it changed while it was uploaded; upload it again');
    throw error instanceof ClientError ? error : connectionError(server, error);
  } finally {
    clearTimeout(timer);
  }
}

/** The bytes of a request, which are counted when they are read to be sent. */
function streamed(content: Blob, onBytes: (bytes: number) => void): RequestInit {
  let bytes = 0;
  const count = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      bytes += chunk.length;
      onBytes(bytes);
      controller.enqueue(chunk);
    },
  });
  return { body: content.stream().pipeThrough(count), duplex: 'half' } as RequestInit;
}

/** A file that has another size or time than when it was opened cannot be read any more. */
function isUnreadable(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if (at.name === 'NotReadableError') return true;
  return false;
}
