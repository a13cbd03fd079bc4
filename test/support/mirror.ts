import { ask, type Endpoint } from './client.ts';
import type { FileEvent } from './events.ts';
import type { Listed } from './files.ts';

/**
 * What a client displays for an attachable: the state of each file at each place it is attached to.
 */
export type Shown = Map<string, string>;

const keyOf = (onId: string, fileId: string) => `${fileId} on ${onId}`;
const visibleStateOf = ({ name, status, available }: FileEvent['file']) => JSON.stringify({ name, status, available });

const page = `query ($id: ID!, $after: String) {
  node(id: $id) { ... on Attachable { list: files(first: 100, after: $after PLACE) {
    eventCursor pageInfo { hasNextPage endCursor } edges { node { id name status available attachedTo { id } } }
  } } }
}`;

type Page = { node: { list: Listed & { eventCursor: string } } };

/**
 * Lists an attachable page by page, a project with its tasks, and returns the first page's cursor.
 */
export async function listOnce(server: Endpoint, on: string, key?: string): Promise<{ shown: Shown; cursor: string }> {
  const deep = on.startsWith('Project:');
  const query = page.replace('PLACE', deep ? ', include: TASKS' : '');
  const shown: Shown = new Map();
  let cursor = '';
  for (let after: string | null = null; ; ) {
    const { list }: Page['node'] = (await ask<Page>(server, query, { id: on, after }, key)).node;
    cursor ||= list.eventCursor;
    for (const { node } of list.edges) {
      const places = deep ? node.attachedTo.map((place) => place.id) : [on];
      for (const place of places) shown.set(keyOf(place, node.id), visibleStateOf(node));
    }
    if (!list.pageInfo.hasNextPage) return { shown, cursor };
    after = list.pageInfo.endCursor;
  }
}

/** Applies one event to the displayed state, as a client would. */
export function apply(shown: Shown, { type, file, previousFileId, onId }: FileEvent): void {
  const key = keyOf(onId, file.id);
  if (previousFileId !== null) shown.delete(keyOf(onId, previousFileId));
  if (type === 'FILE_DETACHED' || type === 'FILE_REMOVED') shown.delete(key);
  // An event may also rename an older version, which no list contains.
  else if (type !== 'FILE_UPDATED' || shown.has(key)) shown.set(key, visibleStateOf(file));
}
