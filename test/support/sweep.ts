import { expect } from 'vitest';
import { askWithFiles } from './client.ts';
import { cpuMs } from './cpu.ts';
import { type ServerProcess, startProcess } from './process.ts';
import { ADMIN_KEY } from './server.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { underWatch } from './watchdog.ts';

/**
 * The maximum CPU time of a group of requests: a base for some megabytes, and below, an amount per
 * request.
 */
const MAX_CPU_MS = 1500;
const REQUEST_MS = 20;
/** Nearly the maximum of Node for the headers of a request, and of busboy for those of a part. */
export const HEADER = 15_000;

export const basic = `Basic ${Buffer.from(`jsonrpc:${ADMIN_KEY}`).toString('base64')}`;
const bearer = `Bearer ${ADMIN_KEY}`;

/**
 * Starts a server with a file on the first task. It logs only errors, which do not include wrong
 * keys.
 */
export async function startWithFile() {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder('names'));
  const server = stack.use(
    await startProcess({ DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: ADMIN_KEY, LOG_LEVEL: 'error' }),
  );
  const query =
    'mutation ($files: [Upload!]!) { uploadTaskFiles(input: { taskId: "Task:1", files: $files }) { filesCount } }';
  await askWithFiles(server, query, {}, [{ name: 'a.txt', content: 'a' }]);
  return { server, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

export interface Asked {
  path: string;
  init?: RequestInit;
  authorization?: string;
}

/**
 * Sends the requests, eight at a time. Returns the groups above the CPU limit and the responses
 * with a status of 500 or more.
 */
export async function sweep(server: ServerProcess, groups: Record<string, readonly Asked[]>): Promise<string[]> {
  const failures: string[] = [];
  for (const [name, requests] of Object.entries(groups)) {
    const before = await cpuMs(server.pid);
    for (let at = 0; at < requests.length; at += 8) {
      const statuses = requests.slice(at, at + 8).map(async ({ path, init = {}, authorization = bearer }) => {
        const headers = { authorization, ...(init.headers as Record<string, string>) };
        const response = await fetch(`${new URL(server.graphqlUrl).origin}${path}`, { ...init, headers });
        await response.arrayBuffer();
        return response.status;
      });
      for (const status of await Promise.all(statuses)) if (status >= 500) failures.push(`${name}: ${status}`);
    }
    const used = (await cpuMs(server.pid)) - before;
    if (used > MAX_CPU_MS + REQUEST_MS * requests.length) failures.push(`${name}: ${used} ms`);
  }
  return failures;
}

/** Expects that no group exceeds its CPU limit, fails with a server error or delays other users. */
export async function expectLinear(groups: Record<string, readonly Asked[]>): Promise<void> {
  await using started = await startWithFile();
  const { server } = started;
  const watched = await underWatch(server, ADMIN_KEY, () => sweep(server, groups));
  expect(watched.result).toEqual([]);
  expect(server.logged()).toBe('');
  expect([watched.liveMs, watched.listingMs]).toSatisfy((times: number[]) => times.every((ms) => ms < 1000));
}

export const post = (body: RequestInit['body'], headers: Record<string, string> = {}): RequestInit =>
  ({ method: 'POST', body, headers }) as RequestInit;

export const json = (value: unknown) => post(JSON.stringify(value), { 'content-type': 'application/json' });
