import { canEditEntities } from '../auth/permissions.ts';
import type { Context } from '../context.ts';
import { Case, Comment, Contact, Opportunity, Project, ProjectMember, Task, User } from '../database/entities/index.ts';
import { Forbidden } from '../errors.ts';
import { reachToEdit } from './attachable.ts';

const authorship = (ctx: Context) => ({
  createdBy: ctx.em.getReference(User, ctx.viewer.userId),
  createdAt: ctx.now(),
});

/** Creates a project, of which the viewer becomes an owner. */
export async function createProject(ctx: Context, input: { title: string; description: string }): Promise<Project> {
  return ctx.em.transactional(async (em) => {
    const project = em.create(Project, { ...input, ...authorship(ctx) });
    em.create(ProjectMember, { project, user: em.getReference(User, ctx.viewer.userId), role: 'OWNER' });
    return project;
  });
}

/** Creates a task in a project that the viewer may edit. */
export async function createTask(
  ctx: Context,
  input: { projectId: number; title: string; description: string },
): Promise<Task> {
  await reachToEdit(ctx, { type: 'Project', id: input.projectId });
  const { projectId, ...rest } = input;
  return save(
    ctx,
    ctx.em.create(Task, { ...rest, project: ctx.em.getReference(Project, projectId), ...authorship(ctx) }),
  );
}

/** Adds a comment to a task of a project that the viewer may edit. */
export async function createComment(ctx: Context, input: { taskId: number; body: string }): Promise<Comment> {
  await reachToEdit(ctx, { type: 'Task', id: input.taskId });
  const task = ctx.em.getReference(Task, input.taskId);
  return save(ctx, ctx.em.create(Comment, { body: input.body, task, ...authorship(ctx) }));
}

export async function createContact(
  ctx: Context,
  input: { displayName: string; isCompany: boolean },
): Promise<Contact> {
  mustEditEntities(ctx);
  return save(ctx, ctx.em.create(Contact, { ...input, ...authorship(ctx) }));
}

export async function createOpportunity(ctx: Context, input: { title: string }): Promise<Opportunity> {
  mustEditEntities(ctx);
  return save(ctx, ctx.em.create(Opportunity, { ...input, ...authorship(ctx) }));
}

export async function createCase(ctx: Context, input: { title: string }): Promise<Case> {
  mustEditEntities(ctx);
  return save(ctx, ctx.em.create(Case, { ...input, ...authorship(ctx) }));
}

function mustEditEntities(ctx: Context): void {
  if (!canEditEntities(ctx.viewer)) throw new Forbidden('You may not create contacts, opportunities or cases.');
}

async function save<Row extends object>(ctx: Context, row: Row): Promise<Row> {
  await ctx.em.persist(row).flush();
  return row;
}
