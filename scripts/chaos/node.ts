import { setTimeout as pause } from 'node:timers/promises';
import { type Ending, type ServerProcess, startServerProcess } from '../bench/server-process.ts';
import { startProxy, type TcpProxy } from '../support/proxy.ts';

/** A server drains running requests for at most 30 s. */
const DRAIN_MS = 40_000;

/** A server process that is restarted at the same port, and the proxy before it. */
export interface ChaosNode extends AsyncDisposable {
  /** The URL for clients, through the proxy. */
  graphqlUrl: string;
  proxy: TcpProxy;
  /** The longest time from SIGTERM to its exit. */
  slowestDrainMs: number;
  /** How it exited abnormally, with its log. */
  abnormalExits: string[];
  /** Sends the signal, waits for the exit, and starts the process again after `downMs`. */
  restart(signal: Signal, downMs: number): Promise<void>;
}

type Signal = 'SIGKILL' | 'SIGTERM';

export async function startNode(port: number, env: Record<string, string>): Promise<ChaosNode> {
  const start = () => startServerProcess({ ...env, PORT: String(port) }, { printLog: false });
  const proxy = await startProxy(port);
  let server = await start();
  const stop = async (signal: Signal) => {
    const startedAt = performance.now();
    const fault = await end(server, signal);
    if (signal === 'SIGTERM') node.slowestDrainMs = Math.max(node.slowestDrainMs, performance.now() - startedAt);
    if (fault) node.abnormalExits.push(fault);
  };
  const node: ChaosNode = {
    graphqlUrl: `http://127.0.0.1:${proxy.port}/graphql`,
    proxy,
    slowestDrainMs: 0,
    abnormalExits: [],
    async restart(signal, downMs) {
      await stop(signal);
      await pause(downMs);
      server = await start();
    },
    async [Symbol.asyncDispose]() {
      await stop('SIGTERM');
      await proxy[Symbol.asyncDispose]();
    },
  };
  return node;
}

/** Describes an exit other than by SIGKILL, or with 0 after SIGTERM within `DRAIN_MS`. */
async function end(server: ServerProcess, signal: Signal): Promise<string | undefined> {
  const timeout = setTimeout(() => void server.end('SIGKILL'), DRAIN_MS);
  const ending = await server.end(signal);
  clearTimeout(timeout);
  const wanted: Ending = signal === 'SIGKILL' ? { code: null, signal } : { code: 0, signal: null };
  if (ending.code === wanted.code && ending.signal === wanted.signal) return undefined;
  return `ended with ${JSON.stringify(ending)} instead of by ${signal}, having logged:\n${server.logged()}`;
}
