import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Forwards TCP connections to a port of this machine, and cuts each after a number of bytes. */
export interface CuttingProxy extends AsyncDisposable {
  port: number;
  /** The connections so far. */
  readonly connections: number;
  /** Cuts all connections. */
  cut(): void;
}

export interface Cut {
  /** Which direction is counted: what the client sends, or what it receives. */
  of: 'sent' | 'received';
  /** The bytes that pass before the connection is cut. */
  bytes: number;
}

/** `cutOf` returns where to cut a connection, counted from 0; undefined to let it live. */
export async function startCuttingProxy(
  targetPort: () => number,
  cutOf: (connection: number) => Cut | undefined,
): Promise<CuttingProxy> {
  let connections = 0;
  const cutAll = () => {
    for (const socket of open) socket.destroy();
  };
  const open = new Set<Socket>();
  const listener = createServer((client) => {
    const cut = cutOf(connections);
    connections += 1;
    const server = connect(targetPort(), '127.0.0.1');
    const end = () => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {}); // expected; `close` follows
      socket.once('close', () => {
        open.delete(socket);
        end();
      });
    }
    const forward = (from: Socket, to: Socket, bytes: number) => {
      let left = bytes;
      from.on('data', (chunk: Buffer) => {
        const passing = chunk.subarray(0, left);
        left -= passing.length;
        from.pause();
        to.write(passing, () => (left > 0 ? from.resume() : end()));
      });
      from.once('end', () => to.end());
    };
    forward(client, server, cut?.of === 'sent' ? cut.bytes : Number.POSITIVE_INFINITY);
    forward(server, client, cut?.of === 'received' ? cut.bytes : Number.POSITIVE_INFINITY);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    port: (listener.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    cut: cutAll,
    async [Symbol.asyncDispose]() {
      listener.close();
      cutAll();
    },
  };
}
