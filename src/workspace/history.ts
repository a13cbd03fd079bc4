import type { Context } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { type EntityRef, File, HistoryEvent, HistoryEventFile } from '../database/entities/index.ts';
import { pageById } from '../database/page.ts';
import { topicOf } from '../events/topic.ts';
import { loadAttachables } from './attachable.ts';
import { findCategory } from './categories.ts';
import { authorship, type Listing } from './listing.ts';

export interface HistoryEntry {
  entity: EntityRef;
  /** What is told of it; may be empty. */
  content: string;
  categoryId?: number | null | undefined;
  /** Those that it speaks of, seen by the viewer. */
  files: readonly Pick<File, 'id'>[];
}

/**
 * Writes down what the viewer did with an entity, in the transaction of `ctx.em`: it is told exactly if it happens.
 * The caller has made sure that the viewer may edit the entity. Throws `NotFoundError` for an unknown category.
 */
export async function recordHistory(ctx: Context, entry: HistoryEntry): Promise<HistoryEvent> {
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

/** What was done with an entity that the caller has reached, newest first. */
export function history(ctx: Context, entity: EntityRef): Listing<HistoryEvent> {
  const where = { entityType: entity.type, entityId: entity.id };
  return {
    // What follows in this list is older: the window on ids is turned round.
    page: ({ limit, after, before, inverted }) =>
      pageById(ctx.em, HistoryEvent, where, { limit, after: before, before: after, inverted: !inverted }),
    count: () => ctx.em.count(HistoryEvent, where),
  };
}

/** The events among `ids` whose entities the viewer may see, by id. */
export async function findHistory(ctx: Context, ids: readonly number[]): Promise<Map<number, HistoryEvent>> {
  const events = await inChunks(ids, (some) => ctx.em.find(HistoryEvent, { id: { $in: some } }));
  const reached = await loadAttachables(ctx, events.map(entityOf));
  const visible = events.filter((event) => reached.has(topicOf(entityOf(event))));
  return new Map(visible.map((event) => [event.id, event]));
}

/** The ids of the files that events speak of, in the order in which the files came to be, whoever may see them. */
export async function filesOfHistory(ctx: Context, eventIds: readonly number[]): Promise<Map<number, number[]>> {
  const rows = await inChunks(eventIds, (some) =>
    ctx.em.find(HistoryEventFile, { event: { $in: some } }, { orderBy: { file: 'asc' } }),
  );
  const byEvent = Map.groupBy(rows, (row) => row.event.id);
  return new Map([...byEvent].map(([id, some]) => [id, some.map((row) => row.file.id)]));
}

/** What an event tells of. */
export const entityOf = (event: HistoryEvent): EntityRef => ({ type: event.entityType, id: event.entityId });
