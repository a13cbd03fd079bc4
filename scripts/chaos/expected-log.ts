import { setTimeout as pause } from 'node:timers/promises';
import { type Endpoint, send } from './send.ts';
import type { ChaosSubscriber } from './subscriber.ts';
import { KEY } from './workspace.ts';

const listQuery = `query ($taskId: ID!, $after: String) {
  task(id: $taskId) {
    files(first: 100, after: $after) { eventCursor pageInfo { hasNextPage endCursor } nodes { id } }
  }
}`;

interface Page {
  task: {
    files: {
      eventCursor: string;
      pageInfo: { hasNextPage: boolean; endCursor: string | null };
      nodes: { id: string }[];
    };
  };
}

/** All files that a task lists, and the event cursor of the first page: later events follow it. */
export async function listFiles(server: Endpoint, taskId: string): Promise<{ ids: string[]; eventCursor: string }> {
  const ids: string[] = [];
  let eventCursor: string | undefined;
  for (let after: string | null = null; ; ) {
    const { files }: Page['task'] = (await send<Page>(server, KEY, listQuery, { taskId, after })).task;
    ids.push(...files.nodes.map((node) => node.id));
    eventCursor ??= files.eventCursor;
    if (!files.pageInfo.hasNextPage) return { ids, eventCursor };
    after = files.pageInfo.endCursor;
  }
}

/** The current cursor of an attachable. */
export async function readCursor(server: Endpoint, on: string): Promise<string> {
  const { node } = await send<{ node: { files: { eventCursor: string } } }>(
    server,
    KEY,
    'query ($on: ID!) { node(id: $on) { ... on Attachable { files { eventCursor } } } }',
    { on },
  );
  return node.files.eventCursor;
}

/**
 * Resolves when every subscriber has received `count` events, or none received any for `timeoutMs`.
 */
export async function waitUntilReceived(
  subscribers: readonly ChaosSubscriber[],
  count: (subscriber: ChaosSubscriber) => number,
  timeoutMs: number,
): Promise<void> {
  const total = () => subscribers.reduce((received, subscriber) => received + subscriber.received.length, 0);
  let before = total();
  let since = Date.now();
  while (subscribers.some((subscriber) => subscriber.received.length < count(subscriber))) {
    await pause(100);
    if (total() > before) since = Date.now();
    else if (Date.now() - since > timeoutMs) return;
    before = total();
  }
}

const logQuery = `query ($on: ID!, $after: String) {
  fileEvents(on: $on, after: $after, first: 100) { pageInfo { hasNextPage endCursor } nodes { file { id } } }
}`;

interface LogPage {
  fileEvents: { pageInfo: { hasNextPage: boolean; endCursor: string | null }; nodes: { file: { id: string } }[] };
}

/** The files of all events of an attachable after a cursor, in the order of the log. */
export async function readLog(server: Endpoint, on: string, from: string): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | null = from; ; ) {
    const { fileEvents }: LogPage = await send<LogPage>(server, KEY, logQuery, { on, after });
    ids.push(...fileEvents.nodes.map(({ file }) => file.id));
    if (!fileEvents.pageInfo.hasNextPage) return ids;
    after = fileEvents.pageInfo.endCursor;
  }
}
