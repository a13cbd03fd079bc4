import { setTimeout as pause } from 'node:timers/promises';
import { print } from 'graphql';
import { type Client, type ClientOptions, createClient } from 'graphql-ws';
import type { FileAddedSubscription } from '../generated/graphql.ts';
import { ask } from './client.ts';
import { attachEntityFiles, attachTaskFiles, fileAdded, removeFile } from './documents.ts';
import { uploadFiles } from './files.ts';
import type { TestServer } from './server.ts';

export type FileAdded = FileAddedSubscription['fileAdded'];

/** A subscription that is known to be active. */
export interface FileAddedSubscriber extends AsyncDisposable {
  /** The next event. */
  next(): Promise<FileAdded>;
}

/** A graphql-ws client with the administrator's key, which does not retry. */
export function connect(server: TestServer, options: Partial<ClientOptions> = {}): Client {
  return createClient({
    url: server.wsUrl,
    connectionParams: { authorization: `Bearer ${server.key}` },
    retryAttempts: 0,
    ...options,
  });
}

/**
 * Subscribes to `fileAdded`, and resolves once the subscription is active. The protocol does not
 * acknowledge a subscription, so this attaches files until the first event arrives, and then
 * removes them. It attaches them to `at`, which is `on` by default.
 */
export async function subscribeToFileAdded(
  server: TestServer,
  on: string,
  { at = on, ...options }: Partial<ClientOptions> & { at?: string } = {},
): Promise<FileAddedSubscriber> {
  const client = connect(server, options);
  const events = client.iterate<FileAddedSubscription>({ query: print(fileAdded), variables: { on } });
  const next = async (): Promise<FileAdded> => {
    const { value } = await events.next();
    if (!value?.data) throw new Error(`The subscription to ${on} returned ${JSON.stringify(value)}.`);
    return isProbe(value.data.fileAdded) ? next() : value.data.fileAdded;
  };
  await waitUntilActive(server, at, events);
  return {
    next,
    async [Symbol.asyncDispose]() {
      await client.dispose();
    },
  };
}

/** All values until the end. */
export async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

let probes = 0;
const isProbe = (event: FileAdded) => event.file.name.startsWith('probe-');

async function waitUntilActive(
  server: TestServer,
  at: string,
  events: AsyncIterator<{ data?: FileAddedSubscription | null | undefined }>,
) {
  let hasResult = false;
  const first = events.next().finally(() => {
    hasResult = true;
  });
  first.catch(() => {}); // it is awaited below
  const ids: string[] = [];
  while (!hasResult) {
    ids.push(await sendProbe(server, at));
    await pause(5);
  }
  let result = await first;
  while (result.value?.data && result.value.data.fileAdded.file.id !== ids.at(-1)) result = await events.next();
  if (!result.value?.data) throw new Error(`The subscription is not active: ${JSON.stringify(result.value)}`);
  for (const fileId of ids) await ask(server, removeFile, { fileId });
}

async function sendProbe(server: TestServer, at: string): Promise<string> {
  probes += 1;
  const [file] = (await uploadFiles(server, null, [{ name: `probe-${probes}.txt`, content: 'probe' }])).files;
  if (!file) throw new Error('The probe was not stored.');
  if (at.startsWith('Task:')) await ask(server, attachTaskFiles, { taskId: at, fileIds: [file.id] });
  else await ask(server, attachEntityFiles, { entityId: at, fileIds: [file.id] });
  return file.id;
}
