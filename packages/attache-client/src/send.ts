import { ConnectionError } from './errors.ts';

/** What every request here needs, with `fetch` or `XMLHttpRequest`. */
export interface HttpRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
  body?: Blob | FormData | string | undefined;
  /** Called with the bytes that were sent, where the environment reports them. */
  onSent?: ((bytes: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

export interface HttpResponse {
  status: number;
  /** The value of a header; null when the server did not send it, or CORS hides it. */
  header(name: string): string | null;
  text: string;
}

/**
 * Sends a request. Rejects with `ConnectionError` without a response, and with the reason of
 * `signal` when that is aborted. Only `XMLHttpRequest` reports the progress of a request body.
 */
export function send(request: HttpRequest): Promise<HttpResponse> {
  request.signal?.throwIfAborted();
  return request.onSent && typeof XMLHttpRequest === 'function' ? sendByXhr(request) : sendByFetch(request);
}

async function sendByFetch({ url, method, headers, body, signal }: HttpRequest): Promise<HttpResponse> {
  try {
    const response = await fetch(url, { method, headers, body: body ?? null, signal: signal ?? null });
    const text = await response.text();
    return { status: response.status, header: (name) => response.headers.get(name), text };
  } catch (cause) {
    signal?.throwIfAborted();
    throw new ConnectionError(`The connection to ${url} was lost.`, { cause });
  }
}

function sendByXhr({ url, method, headers, body, onSent, signal }: HttpRequest): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    const abort = () => xhr.abort();
    xhr.open(method, url);
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = ({ loaded }) => onSent?.(loaded);
    xhr.onload = () =>
      resolve({ status: xhr.status, header: (name) => xhr.getResponseHeader(name), text: xhr.responseText });
    xhr.onerror = () => reject(new ConnectionError(`The connection to ${url} was lost.`));
    xhr.onabort = () => reject(signal?.reason);
    xhr.onloadend = () => signal?.removeEventListener('abort', abort);
    signal?.addEventListener('abort', abort);
    xhr.send(body ?? null);
  });
}
