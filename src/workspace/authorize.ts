import type { Viewer } from '../auth/permissions.ts';
import { assertWriteScope } from '../auth/require-scope.ts';
import { contextOf, type RequestContext } from '../context.ts';
import type { AttachableRef } from '../database/entities/index.ts';
import { lockPath, lockRows, type RowRef } from '../database/sql.ts';
import { ForbiddenError, NotFoundError } from '../errors.ts';
import { oncePerGroup, type TransactionContext } from '../events/in-transaction.ts';
import { topicOf } from '../events/topic.ts';
import { type AttachableAccess, loadAttachable } from './attachable.ts';
import { attachables, isEntityRef } from './attachables/index.ts';

/**
 * Asserts that the viewer may change the attachable, or what is attached to it. Nothing is locked:
 * use `lockForEdit` in the transaction that makes the change. Throws `NotFoundError`,
 * `ForbiddenError`.
 */
export async function authorizeEdit(ctx: RequestContext, ref: AttachableRef): Promise<AttachableAccess> {
  return assertCanEdit(ctx.viewer, await loadAttachable(ctx, ref));
}

/**
 * Asserts what `authorizeEdit` asserts, and keeps the attachable, and those around it, from being
 * deleted until the transaction ends. Throws `NotFoundError`, also when it was deleted meanwhile;
 * `ForbiddenError`.
 */
export async function lockForEdit(tx: TransactionContext, ref: AttachableRef): Promise<AttachableAccess> {
  return oncePerGroup(tx, `edit ${topicOf(ref)} ${JSON.stringify(tx.viewer)}`, () => readForEdit(tx, ref));
}

async function readForEdit(tx: TransactionContext, ref: AttachableRef): Promise<AttachableAccess> {
  // An attachment stores whether everybody sees its entity: what is read has to stay.
  if (isEntityRef(ref)) await lockRows(tx.em, attachables[ref.type].table, [ref.id], 'key share');
  const access = await loadAttachable(tx, ref);
  await keepFromDeletion(tx, access);
  return assertCanEdit(tx.viewer, access);
}

/**
 * Keeps the attachable, and those around it, from being deleted until the transaction ends. Throws
 * `NotFoundError` when it was deleted meanwhile.
 */
export async function keepFromDeletion(tx: TransactionContext, access: AttachableAccess): Promise<void> {
  // From the outermost to itself: the order in which deletions lock them.
  if (!(await lockPath(tx.em, rowsOf(access)))) throw new NotFoundError([topicOf(access.ref)]);
}

/** The rows of an attachable and those around it, from the outermost to itself. */
export const rowsOf = ({ path }: AttachableAccess): RowRef[] =>
  path.map(({ type, id }) => ({ table: attachables[type].table, id }));

/**
 * Asserts that the viewer may decide who sees the attachable. Nothing is locked. Throws what
 * `authorizeEdit` throws.
 */
export async function authorizeManage(ctx: RequestContext, ref: AttachableRef): Promise<AttachableAccess> {
  return assertCanManage(await authorizeEdit(ctx, ref));
}

/** Asserts what `authorizeManage` asserts, and locks what `lockForEdit` locks. */
export async function lockForManage(tx: TransactionContext, ref: AttachableRef): Promise<AttachableAccess> {
  return assertCanManage(await lockForEdit(tx, ref));
}

/** Asserts that the viewer may delete the attachable, and locks what `lockForEdit` locks. */
export async function lockForDelete(tx: TransactionContext, ref: AttachableRef): Promise<AttachableAccess> {
  const access = await lockForEdit(tx, ref);
  const { canDelete, deleteRefusal } = attachables[ref.type];
  if (canDelete(tx.viewer, access.row, access)) return access;
  throw new ForbiddenError(deleteRefusal ?? ownersOnly(ref));
}

function assertCanEdit(viewer: Viewer, access: AttachableAccess): AttachableAccess {
  if (access.canEdit) return access;
  assertWriteScope(viewer);
  throw new ForbiddenError(`You may see ${topicOf(access.ref)}, but not change it. Ask for the right to edit it.`);
}

function assertCanManage(access: AttachableAccess): AttachableAccess {
  if (!access.canManage) throw new ForbiddenError(ownersOnly(access.ref));
  return access;
}

const ownersOnly = (ref: AttachableRef): string => `Only an owner of ${topicOf(ref)} may do this.`;

/**
 * The loaded attachable as an entity that can be changed. Throws `NotFoundError` when it was
 * deleted meanwhile.
 */
export async function loadForUpdate<Entity extends object>(
  request: RequestContext,
  { ref }: AttachableAccess,
): Promise<Entity> {
  const { em } = contextOf(request);
  const entity = await em.findOne(attachables[ref.type].entity, { id: ref.id });
  if (!entity) throw new NotFoundError([topicOf(ref)]);
  return entity as unknown as Entity;
}
