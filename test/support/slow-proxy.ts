import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy that passes a limited number of bytes in a second, in each direction. */
export interface SlowProxy extends AsyncDisposable {
  url: string;
  /** Everything that clients have sent, as Latin-1. */
  received(): string;
  /** Bytes that have been passed on to clients, and to the server. */
  passed: { down: number; up: number };
  /** Closes the connections, with all bytes that are on the way. */
  cut(): void;
  /** Passes everything at once from now on. */
  removeLimit(): void;
}

export async function startSlowProxy(target: string, bytesPerSecond: number): Promise<SlowProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const received: Buffer[] = [];
  const passed = { down: 0, up: 0 };
  let rate = bytesPerSecond;
  const pump = (from: Socket, to: Socket, direction: 'down' | 'up') => {
    sockets.add(from);
    from.on('error', () => to.destroy()).on('close', () => to.destroy());
    from.on('data', (chunk: Buffer) => {
      if (direction === 'up') received.push(chunk.subarray(0, 2000));
      to.write(chunk);
      passed[direction] += chunk.length;
      from.pause();
      setTimeout(() => from.resume(), Number.isFinite(rate) ? (chunk.length / rate) * 1000 : 0);
    });
  };
  const proxy = createServer((client) => {
    const server = connect({ host: hostname, port: Number(port) });
    pump(client, server, 'up');
    pump(server, client, 'down');
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    received: () => Buffer.concat(received).toString('latin1'),
    passed,
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    removeLimit() {
      rate = Number.POSITIVE_INFINITY;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
