import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a store does with a request: its work, or something else. */
export type Conduct =
  | 'works'
  /** Answers so. */
  | { status: number; code?: string }
  /** Never answers. */
  | 'hangs'
  /** Ends the connection before it answers. */
  | 'resets'
  /** Ends the connection after so many bytes of its answer. */
  | { breaksAfter: number }
  /** Sends so many bytes of its answer, and then nothing. */
  | { stallsAfter: number };

type Passing = Extract<Conduct, 'works' | { breaksAfter: number } | { stallsAfter: number }>;

export interface FaultyStore extends AsyncDisposable {
  endpoint: string;
  /** Decides about each request from here on. */
  conduct: (request: { method: string; url: string }) => Conduct;
}

/** A store that is reached through a bad neighbourhood: everything goes to the real one, unless it is to go wrong. */
export async function startFaultyStore(target: string): Promise<FaultyStore> {
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, outgoing) => {
    const conduct = store.conduct({ method: incoming.method ?? '', url: incoming.url ?? '' });
    if (conduct === 'hangs') incoming.resume();
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
