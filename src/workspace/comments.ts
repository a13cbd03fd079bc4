import { canChangeComment } from '../auth/permissions.ts';
import { assertWriteScope } from '../auth/require-scope.ts';
import { contextOf, type RequestContext } from '../context.ts';
import { Comment, Task } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { ForbiddenError } from '../errors.ts';
import { inTransaction } from '../events/in-transaction.ts';
import { type AttachableAccess, loadAttachable } from './attachable.ts';
import { keepFromDeletion, loadForUpdate, lockForEdit } from './authorize.ts';
import { authorship, type Listing, listing } from './listing.ts';
import { assertTexts } from './texts.ts';

/**
 * Adds a comment to a task of a project that the viewer may edit. Throws `NotFoundError`,
 * `ForbiddenError`, and `BadUserInputError` for a text that is too long.
 */
export async function createComment(ctx: RequestContext, input: { taskId: number; body: string }): Promise<Comment> {
  assertTexts(input);
  return inTransaction(ctx, async (tx) => {
    await lockForEdit(tx, { type: 'Task', id: input.taskId });
    const task = tx.em.getReference(Task, input.taskId);
    return tx.em.create(Comment, { body: input.body, task, ...authorship(tx) });
  });
}

/**
 * Changes the text of a comment, for its author and for those who manage the project. Throws
 * `NotFoundError`, `ForbiddenError`, and `BadUserInputError` for a text that is too long.
 */
export async function updateComment(ctx: RequestContext, id: number, body: string): Promise<Comment> {
  assertTexts({ body });
  return inTransaction(ctx, async (tx) => {
    const access = await loadAttachable(tx, { type: 'Comment', id });
    assertWriteScope(tx.viewer);
    if (!canEditComment(tx, access)) {
      throw new ForbiddenError('Only its author and the owners of the project change a comment.');
    }
    await keepFromDeletion(tx, access);
    const comment = await loadForUpdate<Comment>(tx, access);
    comment.body = body;
    return comment;
  });
}

/** Whether the viewer may change and delete a comment. */
export function canEditComment(request: RequestContext, access: AttachableAccess): boolean {
  const { viewer } = contextOf(request);
  return canChangeComment(viewer, (access.row as Row<Comment>).createdBy.id, access);
}

/** The comments of a task that the viewer may see, oldest first. */
export function comments(ctx: RequestContext, task: Pick<Task, 'id'>): Listing<Comment> {
  return listing(ctx, Comment, { task: task.id });
}
