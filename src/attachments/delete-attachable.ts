import type { EntityClass, FilterQuery } from '@mikro-orm/core';
import type { AuditAction } from '../audit/audit-entry.ts';
import type { RequestContext } from '../context.ts';
import type { AttachableRef, AttachableType } from '../database/entities/index.ts';
import { lockRows } from '../database/sql.ts';
import type { TransactionContext } from '../events/in-transaction.ts';
import { topicOf } from '../events/topic.ts';
import { attachables, childrenOf } from '../workspace/attachables/index.ts';
import { lockForDelete } from '../workspace/authorize.ts';
import { BATCH_SIZE, detachAll } from './detach-all.ts';
import { removeInTransaction } from './remove-files.ts';

/**
 * Deletes an attachable with all that belongs to it: a project with its tasks, a task with its
 * comments, an entity with its history. Their files are detached, and those that are attached to
 * nothing else are removed. Each descriptor in workspace/attachables/ defines who may delete one.
 * Throws `NotFoundError`, `ForbiddenError`.
 */
export async function deleteAttachable(ctx: RequestContext, ref: AttachableRef): Promise<void> {
  await removeInTransaction(ctx, async (tx) => {
    await lockForDelete(tx, ref);
    await deleteAll(tx, ref.type, [ref.id]);
    tx.audit({ action: deletions[ref.type], target: topicOf(ref) });
  });
}

const deletions: Record<AttachableType, AuditAction> = {
  Project: 'PROJECT_DELETED',
  Task: 'TASK_DELETED',
  Comment: 'COMMENT_DELETED',
  Contact: 'ENTITY_DELETED',
  Opportunity: 'ENTITY_DELETED',
  Case: 'ENTITY_DELETED',
};

/**
 * Deletes attachables of one type: first what is inside, batch by batch, then their files, then
 * themselves.
 */
async function deleteAll(tx: TransactionContext, type: AttachableType, ids: readonly number[]): Promise<void> {
  const refs = ids.map((id) => ({ type, id }));
  await endTopics(tx, type, refs);
  for (const child of childrenOf(type)) {
    for (;;) {
      const inside = await idsInside(tx, child, ids);
      if (inside.length === 0) break;
      await deleteAll(tx, child.type, inside);
    }
  }
  await detachAll(tx, refs);
  const { entity, deleteDependents } = attachables[type];
  await deleteDependents?.(tx.em, ids);
  await tx.em.nativeDelete(entity, { id: { $in: [...ids] } });
}

/**
 * Waits for transactions that attach something to them. Their subscriptions end with
 * `NotFoundError`, without an event.
 */
async function endTopics(tx: TransactionContext, type: AttachableType, refs: readonly AttachableRef[]): Promise<void> {
  const ids = refs.map((ref) => ref.id);
  await lockRows(tx.em, attachables[type].table, ids, 'update');
  for (const topic of refs.map(topicOf)) {
    tx.endedTopics.add(topic);
    tx.emitAccessChange({ topic });
  }
}

/** A batch of the ids of the child type that lie in the attachables of the ids. */
async function idsInside(
  { em }: TransactionContext,
  { type, property }: { type: AttachableType; property: string },
  ids: readonly number[],
): Promise<number[]> {
  const entity = attachables[type].entity as EntityClass<{ id: number }>;
  const where = { [property]: { $in: [...ids] } } as FilterQuery<{ id: number }>;
  const rows = await em.find(entity, where, { limit: BATCH_SIZE, disableIdentityMap: true });
  return rows.map(({ id }) => id);
}
