import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

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
  const killChild = () => child.kill('SIGKILL');
  process.once('exit', killChild);
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  const ended = once(child, 'close');
  while (!(await fetch(url, { redirect: 'manual' }).catch(() => undefined)))
    if (child.exitCode !== null) throw new Error(`${program} ended:\n${text}`);
  return {
    child,
    stderr: () => text,
    async [Symbol.asyncDispose]() {
      process.off('exit', killChild);
      child.kill('SIGTERM');
      await ended;
    },
  };
}
