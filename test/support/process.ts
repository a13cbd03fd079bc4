import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { prepareDatabase } from './database.ts';

const root = resolve(import.meta.dirname, '../..');

/** All that a process of the tests gets of the environment; the compile cache halves the time that it takes to start. */
export const processEnv = { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE };

/** The server as an operator runs it: a process of its own. */
export interface ServerProcess extends AsyncDisposable {
  graphqlUrl: string;
  /** Of its process. */
  pid: number;
  /** All that it printed so far, and all that it logged. */
  printed(): string;
  logged(): string;
  /** Sends the signal, and answers how the process ended. */
  end(signal: NodeJS.Signals): Promise<Ending>;
}

export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/**
 * Starts the server on a free port; rejects with what it logged when it ends instead. `env` is all that an operator
 * set, beside the database.
 */
export async function startProcess(env: Record<string, string> & { DATA_DIR: string }): Promise<ServerProcess> {
  const database = await prepareDatabase(env.DATA_DIR);
  const child = spawn(process.execPath, ['src/main.ts', 'serve'], {
    cwd: root,
    env: { ...processEnv, PORT: '0', LOG_LEVEL: 'warn', ...database, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Also when the test that started it is given up.
  const leaveNone = () => child.kill('SIGKILL');
  process.once('exit', leaveNone);
  const ended: Promise<Ending> = once(child, 'close').then(([code, signal]) => {
    process.off('exit', leaveNone);
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
    graphqlUrl,
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

/** Sends a query to a server, with `files` as its variable of that name if there are any, and answers the data. */
export async function send<Data>(
  { graphqlUrl }: Pick<ServerProcess, 'graphqlUrl'>,
  key: string,
  query: string,
  variables: Record<string, unknown> = {},
  files: File[] = [],
): Promise<Data> {
  const json = JSON.stringify({ query, variables: { ...variables, files: files.map(() => null) } });
  const form = new FormData();
  form.set('operations', json);
  form.set('map', JSON.stringify(Object.fromEntries(files.map((_, index) => [index, [`variables.files.${index}`]]))));
  for (const [index, file] of files.entries()) form.set(`${index}`, file);
  const authorization = `Bearer ${key}`;
  const response = await fetch(graphqlUrl, {
    method: 'POST',
    headers: files.length > 0 ? { authorization } : { authorization, 'content-type': 'application/json' },
    body: files.length > 0 ? form : json,
  });
  const { data, errors } = (await response.json()) as { data?: Data; errors?: { extensions: { code: string } }[] };
  if (errors || !data) throw new Error(errors?.map((error) => error.extensions.code).join() ?? `${response.status}`);
  return data;
}
