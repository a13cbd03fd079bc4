import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { HttpRequest, HttpResponse, HttpStack } from 'tus-js-client';

/**
 * Sends the requests of tus-js-client. Its own stack calls `url.parse`, for which Node prints a
 * warning, and does not report a file that cannot be read.
 */
export const tusHttpStack: HttpStack = {
  getName: () => 'attache',
  createRequest: (method, url) => createRequest(method, url),
};

function createRequest(method: string, url: string): HttpRequest {
  const headers = new Map<string, string>();
  let sent: ClientRequest | undefined;
  let onProgress: (bytes: number) => void = () => {};
  return {
    getMethod: () => method,
    getURL: () => url,
    setHeader: (name, value) => void headers.set(name.toLowerCase(), value),
    getHeader: (name) => headers.get(name.toLowerCase()),
    setProgressHandler: (handler) => {
      onProgress = handler;
    },
    send(body: (Readable & { size?: number }) | null) {
      const send = url.startsWith('https:') ? requestHttps : requestHttp;
      if (body?.size !== undefined) headers.set('content-length', String(body.size));
      const request = send(new URL(url), { method, headers: Object.fromEntries(headers) });
      sent = request;
      return new Promise<HttpResponse>((resolve, reject) => {
        request.once('response', (response) => toResponse(response).then(resolve, reject));
        request.once('error', reject);
        if (body instanceof Readable) sendBody(body, request, (bytes) => onProgress(bytes), reject);
        else request.end();
      });
    },
    async abort() {
      sent?.destroy();
    },
    getUnderlyingObject: () => sent,
  };
}

function sendBody(
  body: Readable,
  request: ClientRequest,
  onProgress: (bytes: number) => void,
  reject: (error: Error) => void,
): void {
  let bytes = 0;
  body.on('data', (chunk: Uint8Array) => {
    bytes += chunk.length;
    onProgress(bytes);
  });
  body.once('error', (error) => {
    reject(error);
    request.destroy();
  });
  request.once('close', () => body.destroy());
  body.pipe(request);
}

async function toResponse(response: IncomingMessage): Promise<HttpResponse> {
  const body = await text(response);
  return {
    getStatus: () => response.statusCode ?? 0,
    getHeader: (name) => response.headers[name.toLowerCase()]?.toString(),
    getBody: () => body,
    getUnderlyingObject: () => response,
  };
}
