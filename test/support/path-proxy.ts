import { once } from 'node:events';
import { createServer, type IncomingMessage, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A reverse proxy that serves a server below a path, and removes the path from the URL. */
export interface PathProxy extends AsyncDisposable {
  /** The URL of the path, without a trailing slash. */
  url: string;
  /** The base URL that requests are forwarded to. */
  target: string;
  /** Whether to drop the response to a request after the target has sent it. */
  loses(request: IncomingMessage): boolean;
  /**
   * The status to answer a request with after the target has answered it; undefined for its own.
   */
  replaces(request: IncomingMessage): number | undefined;
  /** The status to answer a request with, without the target; undefined to forward the request. */
  refuses(request: IncomingMessage): number | undefined;
}

/** Starts before its target, whose URL is set later. Responds with 502 to every other path. */
export async function startPathProxy(path: string): Promise<PathProxy> {
  const proxy = createServer((request, response) => {
    const { url = '', method, headers } = request;
    if (url !== path && !url.startsWith(`${path}/`)) {
      response.writeHead(502).end('Another site answers here.');
      return;
    }
    const refusal = running.refuses(request);
    if (refusal) {
      // As nginx does: what was sent is read, so that the client reads the response.
      request.resume().once('end', () => response.writeHead(refusal).end('<html>A page of the proxy.</html>'));
      return;
    }
    const target = new URL(url.slice(path.length) || '/', running.target);
    const passed = send(target, { method, headers }, (answer) => {
      if (running.loses(request)) {
        answer.resume();
        response.destroy();
        return;
      }
      const replacement = running.replaces(request);
      if (replacement) {
        answer.resume();
        response.writeHead(replacement).end('<html>A page of the proxy.</html>');
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    request.pipe(passed);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const running: PathProxy = {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}${path}`,
    target: '',
    loses: () => false,
    replaces: () => undefined,
    refuses: () => undefined,
    async [Symbol.asyncDispose]() {
      proxy.close();
      proxy.closeAllConnections();
    },
  };
  return running;
}
