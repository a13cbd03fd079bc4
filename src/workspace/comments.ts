import { canChangeComment } from '../auth/permissions.ts';
import { mustWrite } from '../auth/require-scope.ts';
import type { Context } from '../context.ts';
import { Comment, Task } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { Forbidden } from '../errors.ts';
import { changing } from '../events/in-transaction.ts';
import { type Reached, reachOne, reachToEdit, toChange } from './attachable.ts';
import { authorship, type Listing, listing, save } from './listing.ts';

/** Adds a comment to a task of a project that the viewer may edit. Throws `NotFound`, `Forbidden`. */
export async function createComment(ctx: Context, input: { taskId: number; body: string }): Promise<Comment> {
  return changing(ctx, async (inside) => {
    await reachToEdit(inside, { type: 'Task', id: input.taskId });
    const task = inside.em.getReference(Task, input.taskId);
    return inside.em.create(Comment, { body: input.body, task, ...authorship(inside) });
  });
}

/** Says it otherwise: for its author, and for who manages the project. Throws `NotFound`, `Forbidden`. */
export async function updateComment(ctx: Context, id: number, body: string): Promise<Comment> {
  const reached = await reachOne(ctx, { type: 'Comment', id });
  mustWrite(ctx.viewer);
  if (!mayChangeComment(ctx, reached)) {
    throw new Forbidden('Only its author and the owners of the project change a comment.');
  }
  const comment = await toChange<Comment>(ctx, reached);
  comment.body = body;
  return save(ctx, comment);
}

/** Whether the viewer may change and delete a comment that was reached. */
export function mayChangeComment({ viewer }: Context, reached: Reached): boolean {
  return canChangeComment(viewer, (reached.row as Row<Comment>).createdBy.id, reached);
}

/** The comments of a task that the caller has already reached, oldest first. */
export function comments(ctx: Context, task: Pick<Task, 'id'>): Listing<Comment> {
  return listing(ctx, Comment, { task: task.id });
}
