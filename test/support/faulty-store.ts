import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the store handles a request: it forwards it, or fails in one of these ways. */
export type Conduct =
  | 'works'
  /** Responds with this status and error code. */
  | { status: number; code?: string }
  /** Never responds. */
  | 'stalls'
  /** Closes the connection before the response. */
  | 'resets'
  /** Closes the connection after this number of bytes of the response. */
  | { breaksAfter: number }
  /** Sends this number of bytes of the response, and then stalls. */
  | { stallsAfter: number };

type Passing = Extract<Conduct, 'works' | { breaksAfter: number } | { stallsAfter: number }>;

export interface FaultyStore extends AsyncDisposable {
  endpoint: string;
  /** Chooses how each further request is handled. */
  conduct: (request: { method: string; url: string }) => Conduct;
}

/** An S3 proxy that forwards requests to the real store, or injects faults. */
export async function startFaultyStore(target: string): Promise<FaultyStore> {
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, outgoing) => {
    const conduct = store.conduct({ method: incoming.method ?? '', url: incoming.url ?? '' });
    if (conduct === 'stalls') incoming.resume();
    else if (conduct === 'resets') incoming.socket.resetAndDestroy();
    else if (conduct !== 'works' && 'status' in conduct) refuse(incoming, outgoing, conduct.status, conduct.code);
    else pass(incoming, outgoing, conduct);
  });
  const pass = (incoming: IncomingMessage, outgoing: ServerResponse, conduct: Passing) => {
    const isWhole = conduct === 'works';
    const breaks = !isWhole && 'breaksAfter' in conduct;
    const most = isWhole ? Number.POSITIVE_INFINITY : breaks ? conduct.breaksAfter : conduct.stallsAfter;
    const { method, url, headers } = incoming;
    const sending = request({ hostname, port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      let sent = 0;
      answer.on('data', (chunk: Buffer) => {
        outgoing.write(chunk.subarray(0, most - sent));
        sent += chunk.length;
        if (breaks && sent > most) setImmediate(() => outgoing.destroy());
      });
      answer.once('end', () => sent <= most && outgoing.end());
      answer.once('error', () => outgoing.destroy());
    });
    sending.once('error', () => outgoing.destroy());
    incoming.pipe(sending);
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const store: FaultyStore = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    conduct: () => 'works',
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
  return store;
}

function refuse(incoming: IncomingMessage, outgoing: ServerResponse, status: number, code = 'InternalError'): void {
  incoming.resume();
  outgoing.writeHead(status, { 'content-type': 'application/xml' });
  outgoing.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>not now</Message></Error>`);
}
