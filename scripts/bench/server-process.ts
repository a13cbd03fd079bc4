import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buildServer, builtServer } from '../support/build.ts';

/**
 * A server in its own process, as an operator runs it. Its folder is removed on disposal unless one
 * was given.
 */
export interface ServerProcess extends AsyncDisposable {
  url: string;
  key: string;
  pid: number;
  /** Everything it has logged so far. */
  logged(): string;
  /** Sends the signal, and returns how the process ended. */
  end(signal: NodeJS.Signals): Promise<Ending>;
}

export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

interface StartOptions {
  /** The program to run instead of Attaché. It must print `listens at` with its URL. */
  program?: string;
  /** Whether to print its log here, too. */
  printLog?: boolean;
}

/** Starts the server, on a free port unless `env` has one. Rejects with its log if it exits. */
export async function startServerProcess(
  env: Record<string, string> = {},
  { program = builtServer, printLog = true }: StartOptions = {},
): Promise<ServerProcess> {
  const folder = env.DATA_DIR ?? (await mkdtemp(join(tmpdir(), 'attache-bench-')));
  if (program === builtServer) await buildServer();
  const key = env.ATTACHE_ADMIN_KEY ?? 'the-key-of-the-benchmarks';
  const child = spawn(process.execPath, [program, 'serve'], {
    env: {
      ...process.env,
      DATABASE_URL: '',
      PORT: '0',
      DATA_DIR: folder,
      ATTACHE_ADMIN_KEY: key,
      LOG_LEVEL: 'warn',
      // One user of the benchmarks has all the requests and subscriptions.
      MAX_REQUESTS_PER_ADDRESS: '0',
      MAX_REQUESTS_PER_USER: '0',
      MAX_REQUESTS_PER_KEY: '0',
      MAX_CONNECTIONS_PER_USER: '1000000',
      MAX_SUBSCRIPTIONS_PER_USER: '1000000',
      MAX_SUBSCRIPTIONS_PER_KEY: '1000000',
      MAX_DISTINCT_SUBSCRIPTIONS_PER_USER: '1000000',
      MAX_DISTINCT_SUBSCRIPTIONS_PER_KEY: '1000000',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const killChild = () => child.kill('SIGKILL');
  process.once('exit', killChild);
  const ended: Promise<Ending> = once(child, 'close').then(([code, signal]) => {
    process.off('exit', killChild);
    return { code, signal };
  });
  let logged = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    logged += text;
    if (printLog) process.stderr.write(text);
  });
  const url = await Promise.race([addressPrintedBy(child.stdout), ended]);
  if (typeof url !== 'string') throw new Error(`The server did not start, it ended with ${url.code}:\n${logged}`);
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  return {
    url,
    key,
    pid: child.pid ?? 0,
    logged: () => logged,
    end,
    async [Symbol.asyncDispose]() {
      await end('SIGTERM');
      if (!env.DATA_DIR) await rm(folder, { recursive: true, force: true });
    },
  };
}

function addressPrintedBy(stdout: Readable): Promise<string> {
  let printed = '';
  return new Promise((listens) => {
    stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      const url = /listens at\s+(http\S+)\/graphql/.exec(printed)?.[1];
      if (url) listens(url);
    });
  });
}

/** The memory of a process in bytes, as the kernel reports it. Linux only. */
export async function memoryOf(pid: number): Promise<{ now: number; peak: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kib = (field: string) => Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]);
  return { now: kib('VmRSS') * 1024, peak: kib('VmHWM') * 1024 };
}

/**
 * Resets the peak to the current memory.
 * https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html
 */
export async function resetPeak(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/clear_refs`, '5');
}

/** CPU seconds that all threads of a process have used. */
export async function cpuOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
