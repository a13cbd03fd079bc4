import type { FilterQuery } from '@mikro-orm/core';
import type { Context } from '../context.ts';
import { Project, ProjectMember, type ProjectRole, User } from '../database/entities/index.ts';
import type { PageRequest } from '../database/page.ts';
import { forUpdate } from '../database/sql.ts';
import { Conflict, NotFound } from '../errors.ts';
import { changing } from '../events/in-transaction.ts';
import { reachToManage, toChange } from './attachable.ts';
import type { Listing } from './listing.ts';

/** Which user in which project. */
export interface Membership {
  projectId: number;
  userId: number;
}

/** Makes a user a member. Throws `NotFound`, `Forbidden`, and `Conflict` for one who is a member already. */
export async function addMember(
  ctx: Context,
  { role, ...membership }: Membership & { role: ProjectRole },
): Promise<ProjectMember> {
  return changeMembers(ctx, membership, async ({ em }, project, member) => {
    const user = await em.findOne(User, { id: membership.userId });
    if (!user) throw new NotFound([`User:${membership.userId}`]);
    if (member) throw new Conflict(`User:${user.id} is a member of Project:${project.id} already, as ${member.role}.`);
    return em.create(ProjectMember, { project, user, role });
  });
}

/** Gives a member another role. Throws `NotFound`, `Forbidden`, and `Conflict` when no owner would be left. */
export async function updateMember(
  ctx: Context,
  { role, ...membership }: Membership & { role: ProjectRole },
): Promise<ProjectMember> {
  return changeMembers(ctx, membership, async (inside, project, found) => {
    const member = mustBeMember(found, membership);
    if (role !== 'OWNER') await mustKeepAnOwner(inside, project, member);
    member.role = role;
    return member;
  });
}

/** Ends a membership, and what still goes on under it. Throws `NotFound`, `Forbidden`, `Conflict` as above. */
export async function removeMember(ctx: Context, membership: Membership): Promise<void> {
  await changeMembers(ctx, membership, async (inside, project, found) => {
    const member = mustBeMember(found, membership);
    await mustKeepAnOwner(inside, project, member);
    inside.em.remove(member);
  });
}

/**
 * The one way in which members change: inside a transaction that has the project to itself, so that two owners who
 * remove each other at once leave one; then, once it is committed, what goes on with the user's old rights is ended.
 */
async function changeMembers<Result>(
  ctx: Context,
  { projectId, userId }: Membership,
  change: (inside: Context, project: Project, member: ProjectMember | null) => Promise<Result>,
): Promise<Result> {
  return changing(ctx, async (inside) => {
    const { em } = inside;
    await em.findOne(Project, { id: projectId }, forUpdate);
    const project = await toChange<Project>(inside, await reachToManage(inside, { type: 'Project', id: projectId }));
    inside.tellAccess({ userId });
    return change(inside, project, await em.findOne(ProjectMember, { project: projectId, user: userId }));
  });
}

function mustBeMember(member: ProjectMember | null, { projectId, userId }: Membership): ProjectMember {
  if (!member) throw new NotFound([`User:${userId} in Project:${projectId}`]);
  return member;
}

/** Without an owner, nobody but an administrator could ever say who its members are. */
async function mustKeepAnOwner({ em }: Context, project: Project, member: ProjectMember): Promise<void> {
  if (member.role !== 'OWNER') return;
  const others = await em.count(ProjectMember, { project: project.id, role: 'OWNER', user: { $ne: member.user.id } });
  if (others === 0) throw new Conflict(`Project:${project.id} needs an owner. Make another member one first.`);
}

/** The members of a project that the caller has reached, in the order in which they became users. */
export function members(ctx: Context, projectId: number): Listing<ProjectMember> {
  return {
    page({ limit, after, before, inverted }: PageRequest) {
      const bounds: FilterQuery<ProjectMember>[] = [];
      if (after !== undefined) bounds.push({ user: { $gt: after } });
      if (before !== undefined) bounds.push({ user: { $lt: before } });
      return ctx.em.find(
        ProjectMember,
        { project: projectId, ...(bounds.length > 0 ? { $and: bounds } : {}) },
        { limit, orderBy: { user: inverted ? 'desc' : 'asc' } },
      );
    },
    count: () => ctx.em.count(ProjectMember, { project: projectId }),
  };
}
