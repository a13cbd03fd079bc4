import { setTimeout as pause } from 'node:timers/promises';
import { type Ending, type ServerProcess, startServerProcess } from '../bench/server-process.ts';
import { startProxy, type TcpProxy } from './proxy.ts';

/** A server gives requests under way half a minute. */
const DRAIN_MS = 40_000;

/** One of the servers: a process that is ended and started again at the same port, and the proxy before it. */
export interface ChaosNode extends AsyncDisposable {
  /** Where clients reach it, through the proxy. */
  graphqlUrl: string;
  proxy: TcpProxy;
  /** Ends the process by this signal, and starts it anew a while later. Rejects if it had ended by itself. */
  restart(signal: 'SIGKILL' | 'SIGTERM', downMs: number): Promise<void>;
}

export async function startNode(port: number, env: Record<string, string>): Promise<ChaosNode> {
  await using stack = new AsyncDisposableStack();
  const proxy = stack.use(await startProxy(port));
  const start = () => startServerProcess({ ...env, PORT: String(port) }, { isHeard: false });
  let server = await start();
  stack.defer(() => stop(server, 'SIGTERM'));
  const running = stack.move();
  return {
    graphqlUrl: `http://127.0.0.1:${proxy.port}/graphql`,
    proxy,
    async restart(signal, downMs) {
      await stop(server, signal);
      await pause(downMs);
      server = await start();
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** A server may end in no other way than it was told to: killed, or with 0 after the requests under way, and soon. */
async function stop(server: ServerProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const patience = setTimeout(() => void server.end('SIGKILL'), DRAIN_MS);
  const ending = await server.end(signal);
  clearTimeout(patience);
  const wanted: Ending = signal === 'SIGKILL' ? { code: null, signal } : { code: 0, signal: null };
  if (ending.code !== wanted.code || ending.signal !== wanted.signal) {
    throw new Error(`A server ended with ${JSON.stringify(ending)} instead of by ${signal}:\n${server.logged()}`);
  }
}
