import { ask, type Endpoint } from './client.ts';
import type { Told } from './events.ts';
import type { Listed } from './files.ts';

/** What a client shows of an attachable: each file at each of its places, as it is there. */
export type Shown = Map<string, string>;

const keyOf = (onId: string, fileId: string) => `${fileId} on ${onId}`;
const lookOf = ({ name, status, available }: Told['file']) => JSON.stringify({ name, status, available });

const page = `query ($id: ID!, $after: String) {
  node(id: $id) { ... on Attachable { list: files(first: 100, after: $after PLACE) {
    eventCursor pageInfo { hasNextPage endCursor } edges { node { id name status available attachedTo { id } } }
  } } }
}`;

type Page = { node: { list: Listed & { eventCursor: string } } };

/** Lists an attachable once, a project with all that is in it; `after` is where the events stood before. */
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
      for (const place of places) shown.set(keyOf(place, node.id), lookOf(node));
    }
    if (!list.pageInfo.hasNextPage) return { shown, cursor };
    after = list.pageInfo.endCursor;
  }
}

/** Changes what is shown by one event, as a client would. */
export function apply(shown: Shown, { type, file, previousFileId, onId }: Told): void {
  const key = keyOf(onId, file.id);
  if (previousFileId !== null) shown.delete(keyOf(onId, previousFileId));
  if (type === 'FILE_DETACHED' || type === 'FILE_REMOVED') shown.delete(key);
  // Also older versions are renamed, which no list shows.
  else if (type !== 'FILE_UPDATED' || shown.has(key)) shown.set(key, lookOf(file));
}
