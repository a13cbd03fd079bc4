import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * How long a proxy may take to end: Caddy waits for requests in progress, such as event streams.
 */
const END_MS = 5000;

/** A reverse proxy with its configuration of `deploy/`, in front of servers of this machine. */
export interface ReverseProxy extends AsyncDisposable {
  url: string;
  /** Where it may write: files that it buffers would be here. */
  folder: string;
  /** What it has logged so far, requests and errors. */
  logged(): Promise<string>;
  /** Its processes, with those that serve requests. */
  pids(): Promise<number[]>;
  /**
   * Sends no new request to a server any more, or does again. Requests in progress go on. Undefined
   * for a proxy that finds by health checks which servers drain.
   */
  setDown?(port: number, isDown: boolean): Promise<void>;
}

export interface ProxyProcess extends AsyncDisposable {
  child: ChildProcess;
  /** What it has written to stderr. */
  stderr(): string;
}

/** Starts the program of a proxy, and waits until it answers at `url`. Throws when it ends. */
export async function startProxyProcess(
  program: string,
  args: string[],
  url: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ProxyProcess> {
  const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  // SIGKILL would end nginx without its workers.
  const endChild = () => child.kill('SIGTERM');
  process.once('exit', endChild);
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  const ended = once(child, 'close');
  while (!(await fetch(url, { redirect: 'manual' }).catch(() => undefined))) {
    if (child.exitCode !== null) throw new Error(`${program} ended:\n${text}`);
    await pause(20);
  }
  return {
    child,
    stderr: () => text,
    async [Symbol.asyncDispose]() {
      process.off('exit', endChild);
      endChild();
      const timer = setTimeout(() => child.kill('SIGKILL'), END_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}
