import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** The server as an operator runs it: a process of its own, on a free port, with a folder that goes when it does. */
export interface ServerProcess extends AsyncDisposable {
  url: string;
  key: string;
  pid: number;
}

export async function startServerProcess(env: Record<string, string> = {}): Promise<ServerProcess> {
  const folder = env.DATA_DIR ?? (await mkdtemp(join(tmpdir(), 'attache-bench-')));
  const key = 'the-key-of-the-benchmarks';
  const child = spawn(process.execPath, [main, 'serve'], {
    env: {
      ...process.env,
      DATABASE_URL: '',
      PORT: '0',
      DATA_DIR: folder,
      ATTACHE_ADMIN_KEY: key,
      LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return {
    url: await addressPrintedBy(child),
    key,
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
      if (!env.DATA_DIR) await rm(folder, { recursive: true, force: true });
    },
  };
}

async function addressPrintedBy(child: ChildProcess): Promise<string> {
  let printed = '';
  for await (const chunk of child.stdout ?? []) {
    printed += chunk;
    const url = /listens at\s+(http\S+)\/graphql/.exec(printed)?.[1];
    if (url) return url;
  }
  throw new Error(`The server did not start: ${printed}`);
}

/** What the kernel says of a process's memory, in bytes. Linux only. */
export async function memoryOf(pid: number): Promise<{ now: number; peak: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kib = (field: string) => Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]);
  return { now: kib('VmRSS') * 1024, peak: kib('VmHWM') * 1024 };
}

/** Lets the peak start anew from what is used now. https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html */
export async function resetPeak(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/clear_refs`, '5');
}

/** Seconds of CPU that a process has used, in all its threads. */
export async function cpuOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
