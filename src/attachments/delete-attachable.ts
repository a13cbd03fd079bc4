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
import { ForbiddenError } from '../errors.ts';
import type { TransactionContext } from '../events/in-transaction.ts';
import { topicOf } from '../events/topic.ts';
import {
  type AttachableAccess,
  authorizeEdit,
  authorizeManage,
  type Entity,
  tableNames,
} from '../workspace/attachable.ts';
import { canEditComment } from '../workspace/comments.ts';
import { BATCH_SIZE, detachAll, removeInTransaction } from './remove-files.ts';

/**
 * Deletes an attachable with all that belongs to it: a project with its tasks, a task with its comments, an entity with
 * its history. Their files are taken off, and those that hang nowhere else are removed.
 *
 * Projects and entities are deleted by those who manage them, tasks by those who edit the project, comments by
 * their author and by those who manage the project. Throws `NotFoundError`, `ForbiddenError`.
 */
export async function deleteAttachable(ctx: Context, ref: AttachableRef): Promise<void> {
  await removeInTransaction(ctx, async (tx) => {
    await authorizeDelete(tx, ref);
    await endTopics(tx, [ref]);
    switch (ref.type) {
      case 'Project':
        return deleteProject(tx, ref.id);
      case 'Task':
        return deleteTasks(tx, [ref.id]);
      case 'Comment':
        await detachAll(tx, [ref]);
        return tx.em.nativeDelete(Comment, { id: ref.id });
      default:
        return deleteEntity(tx, ref.type, ref.id);
    }
  });
}

/** Waits for those who hang something on what goes. Whoever listens to it is told that it is gone, and nothing else. */
async function endTopics(tx: TransactionContext, refs: readonly AttachableRef[]): Promise<void> {
  for (const [type, some] of Map.groupBy(refs, (ref) => ref.type)) {
    const ids = some.map((ref) => ref.id);
    await lockRows(tx.em, tableNames[type], ids, 'update');
  }
  for (const topic of new Set(refs.map(topicOf)).difference(tx.endedTopics)) {
    tx.endedTopics.add(topic);
    tx.emitAccessChange({ topic });
  }
}

async function authorizeDelete(ctx: Context, ref: AttachableRef): Promise<AttachableAccess> {
  if (ref.type === 'Task') return authorizeEdit(ctx, ref);
  if (ref.type !== 'Comment') return authorizeManage(ctx, ref);
  const reached = await authorizeEdit(ctx, ref);
  if (!canEditComment(ctx, reached)) {
    throw new ForbiddenError('Only its author and the owners of the project delete a comment.');
  }
  return reached;
}

async function deleteProject(ctx: TransactionContext, id: number): Promise<void> {
  for (;;) {
    const tasks = await ctx.em.find(Task, { project: id }, { limit: BATCH_SIZE, disableIdentityMap: true });
    if (tasks.length === 0) break;
    await deleteTasks(
      ctx,
      tasks.map((task) => task.id),
    );
  }
  await detachAll(ctx, [{ type: 'Project', id }]);
  await ctx.em.nativeDelete(ProjectMember, { project: id });
  await ctx.em.nativeDelete(Project, { id });
}

async function deleteTasks(ctx: TransactionContext, ids: readonly number[]): Promise<void> {
  await endTopics(
    ctx,
    ids.map((id) => ({ type: 'Task', id })),
  );
  for (;;) {
    const where = { task: { $in: [...ids] } };
    const comments = await ctx.em.find(Comment, where, { limit: BATCH_SIZE, disableIdentityMap: true });
    if (comments.length === 0) break;
    const refs = comments.map(({ id }): AttachableRef => ({ type: 'Comment', id }));
    await endTopics(ctx, refs);
    await detachAll(ctx, refs);
    await ctx.em.nativeDelete(Comment, { id: { $in: comments.map(({ id }) => id) } });
  }
  await detachAll(
    ctx,
    ids.map((id) => ({ type: 'Task', id })),
  );
  await ctx.em.nativeDelete(Task, { id: { $in: [...ids] } });
}

async function deleteEntity(ctx: TransactionContext, entityType: EntityType, entityId: number): Promise<void> {
  await detachAll(ctx, [{ type: entityType, id: entityId }]);
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
