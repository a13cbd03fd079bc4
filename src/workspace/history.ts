import { type Context, contextOf, type RequestContext } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { type EntityRef, File, HistoryEvent, HistoryEventFile } from '../database/entities/index.ts';
import { pageById } from '../database/page.ts';
import { scanCountOf } from '../database/scans.ts';
import { topicOf } from '../events/topic.ts';
import { loadAttachables } from './attachable.ts';
import { findCategory } from './categories.ts';
import { authorship, type Listing } from './listing.ts';
import { assertTexts } from './texts.ts';

export interface HistoryEntry {
  entity: EntityRef;
  /** The text; may be empty. */
  content: string;
  categoryId?: number | null | undefined;
  /** The files that the event lists, which the viewer sees. */
  files: readonly Pick<File, 'id'>[];
}

/**
 * Records what the viewer did with an entity, in the transaction of `ctx.em`: both are committed,
 * or neither. The caller has asserted that the viewer may edit the entity. Throws `NotFoundError`
 * for an unknown category, and `BadUserInputError` for a text that is too long.
 */
export async function recordHistory(ctx: Context, entry: HistoryEntry): Promise<HistoryEvent> {
  assertTexts({ content: entry.content });
  const event = ctx.em.create(HistoryEvent, {
    entityType: entry.entity.type,
    entityId: entry.entity.id,
    content: entry.content,
    category: entry.categoryId == null ? null : await findCategory(ctx, entry.categoryId),
    ...authorship(ctx),
  });
  for (const id of new Set(entry.files.map((file) => file.id))) {
    ctx.em.create(HistoryEventFile, { event, file: ctx.em.getReference(File, id) });
  }
  await ctx.em.flush();
  return event;
}

/** The history of an entity that the viewer may see, newest first. */
export function listHistory(request: RequestContext, entity: EntityRef): Listing<HistoryEvent> {
  const ctx = contextOf(request);
  const where = { entityType: entity.type, entityId: entity.id };
  return {
    // The list is newest first, so the window on ids is inverted.
    page: ({ limit, after, before, inverted }) =>
      pageById(ctx, HistoryEvent, where, { limit, after: before, before: after, inverted: !inverted }),
    count: () => scanCountOf(ctx, HistoryEvent, where),
  };
}

/** The events among `ids` whose entities the viewer may see, by id. */
export async function findHistory(request: RequestContext, ids: readonly number[]): Promise<Map<number, HistoryEvent>> {
  const ctx = contextOf(request);
  const events = await inChunks(ids, (some) => ctx.em.find(HistoryEvent, { id: { $in: some } }));
  const loaded = await loadAttachables(ctx, events.map(entityOf));
  const visible = events.filter((event) => loaded.has(topicOf(entityOf(event))));
  return new Map(visible.map((event) => [event.id, event]));
}

/** The ids of the files that events list, in ascending order, visible to the viewer or not. */
export async function filesOfHistory(
  request: RequestContext,
  eventIds: readonly number[],
): Promise<Map<number, number[]>> {
  const ctx = contextOf(request);
  const rows = await inChunks(eventIds, (some) =>
    ctx.em.find(HistoryEventFile, { event: { $in: some } }, { orderBy: { file: 'asc' } }),
  );
  const byEvent = Map.groupBy(rows, (row) => row.event.id);
  return new Map([...byEvent].map(([id, some]) => [id, some.map((row) => row.file.id)]));
}

/** The entity of an event. */
export const entityOf = (event: HistoryEvent): EntityRef => ({ type: event.entityType, id: event.entityId });
