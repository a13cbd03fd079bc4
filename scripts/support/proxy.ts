import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Forwards TCP connections to a port of this machine, and interrupts them on demand. */
export interface TcpProxy extends AsyncDisposable {
  port: number;
  /** Closes a random share of the connections without a closing handshake. Returns their number. */
  cut(share: number): number;
  /**
   * Stops delivery to the client on a random share of the connections for `ms`. Returns their
   * number.
   */
  stall(share: number, ms: number): number;
}

interface Pair {
  client: Socket;
  server: Socket;
}

export async function startProxy(targetPort: number): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  const listener = createServer((client) => {
    const server = connect(targetPort, '127.0.0.1');
    const pair = { client, server };
    pairs.add(pair);
    client.pipe(server);
    server.pipe(client);
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', () => {}); // errors are expected; `close` follows
      socket.once('close', () => {
        pairs.delete(pair);
        end(pair);
      });
    }
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const some = (share: number) => [...pairs].filter(() => Math.random() < share);
  return {
    port: (listener.address() as AddressInfo).port,
    cut(share) {
      const chosen = some(share);
      for (const pair of chosen) end(pair);
      return chosen.length;
    },
    stall(share, ms) {
      const chosen = some(share);
      for (const { client, server } of chosen) {
        server.unpipe(client);
        // Unpipes again, because another stall may have ended meanwhile, and a second pipe would
        // duplicate the data.
        setTimeout(() => server.unpipe(client).pipe(client), ms).unref();
      }
      return chosen.length;
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const pair of pairs) end(pair);
    },
  };
}

function end({ client, server }: Pair): void {
  client.destroy();
  server.destroy();
}
