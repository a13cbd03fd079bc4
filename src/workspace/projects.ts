import { canWrite } from '../auth/permissions.ts';
import type { Context } from '../context.ts';
import { Project, ProjectMember, User } from '../database/entities/index.ts';
import { Forbidden } from '../errors.ts';
import { authorship, type Listing, listing } from './listing.ts';

/** Creates a project, of which the viewer becomes an owner. Throws `Forbidden` for a key that may only read. */
export async function createProject(ctx: Context, input: { title: string; description: string }): Promise<Project> {
  if (!canWrite(ctx.viewer)) throw new Forbidden('This API key may only read. Use one with the scope WRITE.');
  return ctx.em.transactional(async (em) => {
    const project = em.create(Project, { ...input, ...authorship({ ...ctx, em }) });
    em.create(ProjectMember, { project, user: em.getReference(User, ctx.viewer.userId), role: 'OWNER' });
    return project;
  });
}

/** Every project that the viewer is a member of; for an administrator, every project. */
export function projects(ctx: Context): Listing<Project> {
  return listing(ctx, Project, ctx.viewer.isAdmin ? {} : { members: { user: ctx.viewer.userId } });
}
