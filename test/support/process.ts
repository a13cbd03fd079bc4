import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { builtServer } from '../../scripts/support/build.ts';
import { type Endpoint, endpointOf } from './client.ts';
import { prepareDatabase } from './database.ts';

const root = resolve(import.meta.dirname, '../..');

/** The environment of child processes. The compile cache halves their start-up time. */
export const processEnv = { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE };

/** The server in a child process, as an operator runs it. */
export interface ServerProcess extends Endpoint, AsyncDisposable {
  /** The process id of the server. */
  pid: number;
  /** Everything it has printed to stdout so far, and below, logged to stderr. */
  printed(): string;
  logged(): string;
  /** Sends the signal, and returns how the process ended. */
  end(signal: NodeJS.Signals): Promise<Ending>;
}

export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/**
 * Starts the server on a free port, and rejects with its output if it exits. `env` has all settings
 * except those of the database.
 */
export async function startProcess(env: Record<string, string> & { DATA_DIR: string }): Promise<ServerProcess> {
  const database = await prepareDatabase(env.DATA_DIR);
  const child = spawn(process.execPath, [builtServer, 'serve'], {
    cwd: root,
    env: { ...processEnv, PORT: '0', LOG_LEVEL: 'warn', ...database, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Also if the test that started it times out.
  const killChild = () => child.kill('SIGKILL');
  process.once('exit', killChild);
  const ended: Promise<Ending> = once(child, 'close').then(([code, signal]) => {
    process.off('exit', killChild);
    return { code, signal };
  });
  let printed = '';
  let logged = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    logged += text;
  });
  const address = new Promise<string>((listens) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      const url = /listens at\s+(\S+)/.exec(printed)?.[1];
      if (url) listens(url);
    });
  });
  const graphqlUrl = await Promise.race([
    address,
    ended.then(({ code }) => {
      throw new Error(`The server ended with code ${code} instead of listening:\n${printed}${logged}`);
    }),
  ]);
  return {
    ...endpointOf(graphqlUrl, env.ATTACHE_ADMIN_KEY ?? ''),
    pid: child.pid as number,
    printed: () => printed,
    logged: () => logged,
    end(signal) {
      child.kill(signal);
      return ended;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
