import { watch } from 'node:fs';
import { readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { sha256 } from '../../support/download.ts';
import type { TestServer } from '../../support/server.ts';
import { readStored } from '../../support/small-blobs.ts';

/** The server runs in this process, so its unhandled errors are recorded here. */
const faults: unknown[] = [];
for (const event of ['uncaughtException', 'unhandledRejection'] as const)
  process.on(event, (fault) => faults.push(fault));

/** Polls until the value equals the expected one, and fails with the last value after 30 s. */
export async function eventually<T>(read: () => T | Promise<T>, expected: T): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const value = await read();
    if (isDeepStrictEqual(value, expected)) return;
    if (Date.now() > deadline) expect(value).toEqual(expected);
    await sleep(10);
  }
}

export interface ListedFile {
  id: string;
  name: string;
  size: number;
  sha256: string;
}

export async function ask(server: TestServer, query: string, variables = {}): Promise<Record<string, unknown>> {
  const response = await fetch(server.graphqlUrl, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: Record<string, unknown>; errors?: unknown };
  expect(errors).toBeUndefined();
  return data;
}

/** Returns the files on both tasks, oldest first. */
export async function listed(server: TestServer): Promise<ListedFile[]> {
  const data = await ask(
    server,
    `{ tasks(first: 2) { nodes { files(first: 100) { nodes { id name size sha256 } } } } }`,
  );
  const { nodes } = data.tasks as { nodes: { files: { nodes: ListedFile[] } }[] };
  return nodes.flatMap((task) => task.files.nodes);
}

/**
 * Checks what must be true after any request: the process responds, no file is staged or open, and
 * the stored blobs are those of the listed files. `contents` are the blobs, and `rows` the listed
 * files where several share a blob.
 */
export async function expectStored(
  server: TestServer,
  contents: (string | Uint8Array)[],
  rows: (string | Uint8Array)[] = contents,
): Promise<void> {
  await eventually(async () => (await server.stored()).staging, []);
  await eventually(() => openBelow(server.dataDir), []);
  const files = await listed(server);
  expect(files.map((file) => file.sha256).sort()).toEqual(rows.map(sha256).sort());
  expect(await blobHashes(server)).toEqual(contents.map(sha256).sort());
  expect(faults).toEqual([]);
}

async function blobHashes(server: TestServer): Promise<string[]> {
  const { blobs } = await server.stored();
  return (await Promise.all(blobs.map(async (path) => sha256(await readStored(server.dataDir, path))))).sort();
}

/**
 * Returns the upload files that this process has open, including deleted ones, which still use disk
 * space.
 */
async function openBelow(dataDir: string): Promise<string[]> {
  const descriptors = await readdir('/proc/self/fd').catch(() => []);
  const targets = await Promise.all(descriptors.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
  return targets.filter((path) => path.startsWith(join(dataDir, 'files')));
}

export interface FolderWatch extends Disposable {
  /** Returns the names of all files staged or stored since the watch began. */
  seen(): Promise<string[]>;
}

export function watchFolders(server: TestServer): FolderWatch {
  const names = new Set<string>();
  const staging = join(server.dataDir, 'files', 'staging');
  const watchers = [staging, join(server.dataDir, 'files', 'blobs')].map((folder) =>
    watch(folder, (_event, name) => names.add(name ?? '?')),
  );
  return {
    async seen() {
      // The kernel reports in order: once it reports this file, it has reported all before it.
      const last = `last-${crypto.randomUUID()}`;
      await writeFile(join(staging, last), '');
      await eventually(() => names.has(last), true);
      await rm(join(staging, last));
      return [...names].filter((name) => name !== last);
    },
    [Symbol.dispose]() {
      for (const watcher of watchers) watcher.close();
    },
  };
}
