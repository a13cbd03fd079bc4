import type { Context } from '../context.ts';
import {
  type AttachableRef,
  Category,
  Contact,
  type Task,
  TaskResponsible,
  type TaskSubjectType,
  User,
} from '../database/entities/index.ts';
import { rowsById } from '../database/rows.ts';
import { NotFoundError } from '../errors.ts';
import { topicOf } from '../events/topic.ts';
import { loadAttachables } from './attachable.ts';

export { taskSubjectTypes } from '../database/entities/index.ts';

/** What a task refers to. Null clears it. */
export interface TaskLinks {
  categoryId?: number | null | undefined;
  contactId?: number | null | undefined;
  /** The opportunity or case that it is about. */
  about?: { type: TaskSubjectType; id: number } | null | undefined;
  /** The users responsible for it; the first is the main one. It gives no right to see the task. */
  responsibleIds?: readonly number[] | undefined;
}

/**
 * The columns of the links that are given. Throws `NotFoundError` that names all that the viewer
 * may not see.
 */
export async function linksOf(ctx: Context, links: TaskLinks) {
  const { categoryId, contactId, about } = links;
  await assertVisible(ctx, links);
  return {
    ...(categoryId === undefined
      ? {}
      : { category: categoryId === null ? null : ctx.em.getReference(Category, categoryId) }),
    ...(contactId === undefined
      ? {}
      : { contact: contactId === null ? null : ctx.em.getReference(Contact, contactId) }),
    ...(about === undefined ? {} : { entityType: about?.type ?? null, entityId: about?.id ?? null }),
  };
}

async function assertVisible(
  ctx: Context,
  { categoryId, contactId, about, responsibleIds = [] }: TaskLinks,
): Promise<void> {
  const refs: AttachableRef[] = [];
  if (contactId) refs.push({ type: 'Contact', id: contactId });
  if (about) refs.push(about);
  const loaded = await loadAttachables(ctx, refs);
  const missing = refs.map(topicOf).filter((topic) => !loaded.has(topic));
  if (categoryId && !(await ctx.em.findOne(Category, { id: categoryId }))) missing.push(`Category:${categoryId}`);
  const known = await rowsById(ctx.em, User, responsibleIds);
  const knownIds = new Set(known.map((user) => user.id));
  missing.push(...responsibleIds.filter((id) => !knownIds.has(id)).map((id) => `User:${id}`));
  if (missing.length > 0) throw new NotFoundError([...new Set(missing)]);
}

/**
 * Replaces the users responsible for the task, who exist, in this order. Inside the caller's
 * transaction.
 */
export async function setResponsibles({ em }: Context, task: Task, userIds: readonly number[]): Promise<void> {
  await em.nativeDelete(TaskResponsible, { task: task.id });
  const rows = [...new Set(userIds)].map((user, place) => ({ task: task.id, user, place }));
  if (rows.length > 0) await em.insertMany(TaskResponsible, rows);
}
