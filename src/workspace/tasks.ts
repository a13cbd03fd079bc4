import type { FilterQuery } from '@mikro-orm/core';
import type { Context } from '../context.ts';
import { Comment, Project, Task } from '../database/entities/index.ts';
import { reachToEdit } from './attachable.ts';
import { authorship, type Listing, listing, save } from './listing.ts';

/** Creates a task in a project that the viewer may edit. Throws `NotFound`, `Forbidden`. */
export async function createTask(
  ctx: Context,
  input: { projectId: number; title: string; description: string },
): Promise<Task> {
  const { projectId, ...rest } = input;
  await reachToEdit(ctx, { type: 'Project', id: projectId });
  const project = ctx.em.getReference(Project, projectId);
  return save(ctx, ctx.em.create(Task, { ...rest, project, ...authorship(ctx) }));
}

/** The tasks of one project, or of every project that the viewer may see. */
export function tasks(ctx: Context, projectId?: number): Listing<Task> {
  const visible: FilterQuery<Task> = ctx.viewer.isAdmin ? {} : { project: { members: { user: ctx.viewer.userId } } };
  return listing(ctx, Task, projectId === undefined ? visible : { $and: [{ project: projectId }, visible] });
}

/** Adds a comment to a task of a project that the viewer may edit. Throws `NotFound`, `Forbidden`. */
export async function createComment(ctx: Context, input: { taskId: number; body: string }): Promise<Comment> {
  await reachToEdit(ctx, { type: 'Task', id: input.taskId });
  const task = ctx.em.getReference(Task, input.taskId);
  return save(ctx, ctx.em.create(Comment, { body: input.body, task, ...authorship(ctx) }));
}

/** The comments of a task that the caller has already reached. */
export function comments(ctx: Context, task: Task): Listing<Comment> {
  return listing(ctx, Comment, { task: task.id });
}
