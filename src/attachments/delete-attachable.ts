import type { EntityClass } from '@mikro-orm/core';
import type { Context } from '../context.ts';
import {
  type AttachableRef,
  Case,
  Comment,
  Contact,
  EntityAccess,
  type EntityType,
  HistoryEvent,
  Opportunity,
  Project,
  ProjectMember,
  Task,
} from '../database/entities/index.ts';
import { lockRows } from '../database/sql.ts';
import { Forbidden } from '../errors.ts';
import type { Inside } from '../events/in-transaction.ts';
import { topicOf } from '../events/topic.ts';
import { type Entity, type Reached, reachToEdit, reachToManage, tableNames } from '../workspace/attachable.ts';
import { mayChangeComment } from '../workspace/comments.ts';
import { BATCH, removing, strip } from './remove-files.ts';

/**
 * Deletes an attachable with all that belongs to it: a project with its tasks, a task with its comments, an entity with
 * its history. Their files are taken off, and those that hang nowhere else are removed.
 *
 * Projects and entities are deleted by those who manage them, tasks by those who edit the project, comments by
 * their author and by those who manage the project. Throws `NotFound`, `Forbidden`.
 */
export async function deleteAttachable(ctx: Context, ref: AttachableRef): Promise<void> {
  await removing(ctx, async (inside) => {
    await mayDelete(inside, ref);
    await end(inside, [ref]);
    switch (ref.type) {
      case 'Project':
        return deleteProject(inside, ref.id);
      case 'Task':
        return deleteTasks(inside, [ref.id]);
      case 'Comment':
        await strip(inside, [ref]);
        return inside.em.nativeDelete(Comment, { id: ref.id });
      default:
        return deleteEntity(inside, ref.type, ref.id);
    }
  });
}

/** Waits for those who hang something on what goes. Whoever listens to it is told that it is gone, and nothing else. */
async function end(inside: Inside, refs: readonly AttachableRef[]): Promise<void> {
  for (const [type, some] of Map.groupBy(refs, (ref) => ref.type)) {
    const ids = some.map((ref) => ref.id);
    await lockRows(inside.em, tableNames[type], ids, 'update');
  }
  for (const topic of new Set(refs.map(topicOf)).difference(inside.ending)) {
    inside.ending.add(topic);
    inside.tellAccess({ topic });
  }
}

async function mayDelete(ctx: Context, ref: AttachableRef): Promise<Reached> {
  if (ref.type === 'Task') return reachToEdit(ctx, ref);
  if (ref.type !== 'Comment') return reachToManage(ctx, ref);
  const reached = await reachToEdit(ctx, ref);
  if (!mayChangeComment(ctx, reached)) {
    throw new Forbidden('Only its author and the owners of the project delete a comment.');
  }
  return reached;
}

async function deleteProject(ctx: Inside, id: number): Promise<void> {
  for (;;) {
    const tasks = await ctx.em.find(Task, { project: id }, { limit: BATCH, disableIdentityMap: true });
    if (tasks.length === 0) break;
    await deleteTasks(
      ctx,
      tasks.map((task) => task.id),
    );
  }
  await strip(ctx, [{ type: 'Project', id }]);
  await ctx.em.nativeDelete(ProjectMember, { project: id });
  await ctx.em.nativeDelete(Project, { id });
}

async function deleteTasks(ctx: Inside, ids: readonly number[]): Promise<void> {
  await end(
    ctx,
    ids.map((id) => ({ type: 'Task', id })),
  );
  for (;;) {
    const where = { task: { $in: [...ids] } };
    const comments = await ctx.em.find(Comment, where, { limit: BATCH, disableIdentityMap: true });
    if (comments.length === 0) break;
    const refs = comments.map(({ id }): AttachableRef => ({ type: 'Comment', id }));
    await end(ctx, refs);
    await strip(ctx, refs);
    await ctx.em.nativeDelete(Comment, { id: { $in: comments.map(({ id }) => id) } });
  }
  await strip(
    ctx,
    ids.map((id) => ({ type: 'Task', id })),
  );
  await ctx.em.nativeDelete(Task, { id: { $in: [...ids] } });
}

async function deleteEntity(ctx: Inside, entityType: EntityType, entityId: number): Promise<void> {
  await strip(ctx, [{ type: entityType, id: entityId }]);
  await ctx.em.nativeDelete(HistoryEvent, { entityType, entityId });
  await ctx.em.nativeDelete(EntityAccess, { entityType, entityId });
  await forgetInTasks(ctx, entityType, entityId);
  const table: EntityClass<Entity> = { Contact, Opportunity, Case }[entityType];
  await ctx.em.nativeDelete(table, { id: entityId });
}

/** A task outlives the entity that it was about. */
async function forgetInTasks(ctx: Context, entityType: EntityType, entityId: number): Promise<void> {
  if (entityType === 'Contact') await ctx.em.nativeUpdate(Task, { contact: entityId }, { contact: null });
  else await ctx.em.nativeUpdate(Task, { entityType, entityId }, { entityType: null, entityId: null });
}
