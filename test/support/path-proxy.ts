import { once } from 'node:events';
import { createServer, type IncomingMessage, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A reverse proxy that serves a server below a path, and takes the path away before it passes a request on. */
export interface PathProxy extends AsyncDisposable {
  /** The address of the path, without a slash at its end. */
  url: string;
  /** Where requests go. */
  target: string;
  /** Whether the answer to a request is lost on its way, after the target has given it. */
  loses(request: IncomingMessage): boolean;
}

/** Starts it before its target, whose address is set afterwards. It answers 502 for every other path. */
export async function startPathProxy(path: string): Promise<PathProxy> {
  const proxy = createServer((request, response) => {
    const { url = '', method, headers } = request;
    if (url !== path && !url.startsWith(`${path}/`)) {
      response.writeHead(502).end('Another site answers here.');
      return;
    }
    const target = new URL(url.slice(path.length) || '/', running.target);
    const passed = send(target, { method, headers }, (answer) => {
      if (running.loses(request)) {
        answer.resume();
        response.destroy();
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
    async [Symbol.asyncDispose]() {
      proxy.close();
      proxy.closeAllConnections();
    },
  };
  return running;
}
