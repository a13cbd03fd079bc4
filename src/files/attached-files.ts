import { contextOf, type RequestContext } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import type { AttachableRef } from '../database/entities/index.ts';
import { placeholders, select } from '../database/rows.ts';
import { topicOf } from '../events/topic.ts';
import { loadAttachables } from '../workspace/attachable.ts';

/** A file, whichever its version, and what it may be attached to. */
export interface FileOnPlace {
  fileId: number;
  on: AttachableRef;
}

/**
 * Whether each of the files is attached to its attachable, in their order; false when the viewer
 * may not see that. The caller has checked that the viewer may see the files. The number of
 * statements does not depend on the number of pairs.
 */
export async function areAttached(request: RequestContext, pairs: readonly FileOnPlace[]): Promise<boolean[]> {
  const ctx = contextOf(request);
  const topics = new Map(pairs.map(({ on }) => [topicOf(on), on]));
  const visible = await loadAttachables(ctx, [...topics.values()]);
  const fileIds = [...new Set(pairs.map(({ fileId }) => fileId))];
  const attached = new Set<string>();
  for (const [type, places] of Map.groupBy([...visible.values()], ({ ref }) => ref.type)) {
    const placeIds = places.map(({ ref }) => ref.id);
    const rows = await inChunks(fileIds, (some) =>
      select<{ fileId: number; onId: number }>(
        ctx.em,
        // Attachments are those of the newest version, and count for all versions.
        `select f.id as "fileId", a.on_id as "onId"
         from files f join files n on n.version_group = f.version_group join attachments a on a.file_id = n.id
         where f.id in (${placeholders(some)}) and a.on_type = ? and a.on_id in (${placeholders(placeIds)})`,
        [...some, type, ...placeIds],
      ),
    );
    for (const { fileId, onId } of rows) attached.add(keyOf({ fileId, on: { type, id: onId } }));
  }
  return pairs.map((pair) => attached.has(keyOf(pair)));
}

const keyOf = ({ fileId, on }: FileOnPlace): string => `${fileId} ${topicOf(on)}`;
