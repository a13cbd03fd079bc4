import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtServer } from '../../scripts/support/build.ts';
import type { Endpoint } from './client.ts';
import { processEnv } from './process.ts';

/** A user with a home folder, in which the user works and runs the built command line. */
export interface CliUser extends AsyncDisposable {
  folder: string;
  /** Runs a command to its end. */
  run(args: string[], options?: RunOptions): Promise<CliResult>;
  /** Starts a command. */
  start(args: string[], options?: RunOptions): RunningCli;
  path(...parts: string[]): string;
}

interface RunOptions {
  env?: Record<string, string>;
  /** Standard input; empty unless given. */
  input?: string;
  /** The number of the user of the machine, of a test that runs as root. */
  uid?: number | undefined;
}

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunningCli {
  pid: number;
  stdout(): string;
  stderr(): string;
  kill(signal: NodeJS.Signals): void;
  ended: Promise<CliResult>;
}

/** Creates a user, who is signed in by ATTACHE_URL and ATTACHE_KEY if a server is given. */
export async function createCliUser(server?: Pick<Endpoint, 'url' | 'key'>): Promise<CliUser> {
  const folder = await mkdtemp(join(tmpdir(), 'attache-cli-'));
  const children = new Set<RunningCli>();
  const signedIn = server ? { ATTACHE_URL: server.url, ATTACHE_KEY: server.key } : {};
  const start = (args: string[], { env = {}, input = '', uid }: RunOptions = {}): RunningCli => {
    const child = spawn(process.execPath, [builtServer, ...args], {
      cwd: folder,
      env: { ...processEnv, HOME: folder, TMPDIR: folder, ...signedIn, ...env },
      stdio: 'pipe',
      ...(uid !== undefined && { uid }),
    });
    const printed = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        printed[name] += text;
      });
    child.stdin.on('error', () => {}).end(input); // A command that fails reads no input.
    const running: RunningCli = {
      pid: child.pid as number,
      stdout: () => printed.stdout,
      stderr: () => printed.stderr,
      kill: (signal) => void child.kill(signal),
      ended: once(child, 'close').then(([code]) => {
        children.delete(running);
        return { code, ...printed };
      }),
    };
    children.add(running);
    return running;
  };
  return {
    folder,
    start,
    run: (args, options) => start(args, options).ended,
    path: (...parts) => join(folder, ...parts),
    async [Symbol.asyncDispose]() {
      for (const child of children) {
        child.kill('SIGKILL');
        await child.ended;
      }
      await rm(folder, { recursive: true });
    },
  };
}

/** The objects of JSON lines. */
export const jsonLines = (text: string): Record<string, unknown>[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
