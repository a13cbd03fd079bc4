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
export interface Listener extends AsyncDisposable {
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
export async function listen(
  server: TestServer,
  on: string,
  { at = on, ...options }: Partial<ClientOptions> & { at?: string } = {},
): Promise<Listener> {
  const client = connect(server, options);
  const events = client.iterate<FileAddedSubscription>({ query: print(fileAdded), variables: { on } });
  const next = async (): Promise<FileAdded> => {
    const { value } = await events.next();
    if (!value?.data) throw new Error(`The subscription to ${on} told ${JSON.stringify(value)}.`);
    return isKnock(value.data.fileAdded) ? next() : value.data.fileAdded;
  };
  await untilHeard(server, at, events);
  return {
    next,
    async [Symbol.asyncDispose]() {
      await client.dispose();
    },
  };
}

/** All values until the end. */
export async function collect<T>(told: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of told) all.push(one);
  return all;
}

let knocks = 0;
const isKnock = (event: FileAdded) => event.file.name.startsWith('knock-');

async function untilHeard(
  server: TestServer,
  at: string,
  events: AsyncIterator<{ data?: FileAddedSubscription | null | undefined }>,
) {
  let settled = false;
  const first = events.next().finally(() => {
    settled = true;
  });
  first.catch(() => {}); // it is awaited below
  const ids: string[] = [];
  while (!settled) {
    ids.push(await knock(server, at));
    await pause(5);
  }
  let heard = await first;
  while (heard.value?.data && heard.value.data.fileAdded.file.id !== ids.at(-1)) heard = await events.next();
  if (!heard.value?.data) throw new Error(`Nothing can be heard: ${JSON.stringify(heard.value)}`);
  for (const fileId of ids) await ask(server, removeFile, { fileId });
}

async function knock(server: TestServer, at: string): Promise<string> {
  knocks += 1;
  const [file] = (await uploadFiles(server, null, [{ name: `knock-${knocks}.txt`, content: 'knock' }])).files;
  if (!file) throw new Error('A knock was not kept.');
  if (at.startsWith('Task:')) await ask(server, attachTaskFiles, { taskId: at, fileIds: [file.id] });
  else await ask(server, attachEntityFiles, { entityId: at, fileIds: [file.id] });
  return file.id;
}
