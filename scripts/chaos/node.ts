import { setTimeout as pause } from 'node:timers/promises';
import { type Ending, type ServerProcess, startServerProcess } from '../bench/server-process.ts';
import { startProxy, type TcpProxy } from '../support/proxy.ts';

/** A server gives requests under way half a minute. */
const DRAIN_MS = 40_000;

/** One of the servers: a process that is ended and started again at the same port, and the proxy before it. */
export interface ChaosNode extends AsyncDisposable {
  /** Where clients reach it, through the proxy. */
  graphqlUrl: string;
  proxy: TcpProxy;
  /** The longest that it took from SIGTERM to its end. */
  slowestDrainMs: number;
  /** How it ended otherwise than it should have, with what it logged. */
  faults: string[];
  /** Ends the process by this signal, and starts it anew a while later. */
  restart(signal: Signal, downMs: number): Promise<void>;
}

type Signal = 'SIGKILL' | 'SIGTERM';

export async function startNode(port: number, env: Record<string, string>): Promise<ChaosNode> {
  const start = () => startServerProcess({ ...env, PORT: String(port) }, { isHeard: false });
  const proxy = await startProxy(port);
  let server = await start();
  const stop = async (signal: Signal) => {
    const startedAt = performance.now();
    const fault = await end(server, signal);
    if (signal === 'SIGTERM') node.slowestDrainMs = Math.max(node.slowestDrainMs, performance.now() - startedAt);
    if (fault) node.faults.push(fault);
  };
  const node: ChaosNode = {
    graphqlUrl: `http://127.0.0.1:${proxy.port}/graphql`,
    proxy,
    slowestDrainMs: 0,
    faults: [],
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

/** A server may end in no other way than it was told to: killed, or with 0 after the requests under way, and soon. */
async function end(server: ServerProcess, signal: Signal): Promise<string | undefined> {
  const patience = setTimeout(() => void server.end('SIGKILL'), DRAIN_MS);
  const ending = await server.end(signal);
  clearTimeout(patience);
  const wanted: Ending = signal === 'SIGKILL' ? { code: null, signal } : { code: 0, signal: null };
  if (ending.code === wanted.code && ending.signal === wanted.signal) return undefined;
  return `ended with ${JSON.stringify(ending)} instead of by ${signal}, having logged:\n${server.logged()}`;
}
