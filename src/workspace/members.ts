import type { FilterQuery } from '@mikro-orm/core';
import type { AuditAction, AuditEntry } from '../audit/audit-entry.ts';
import { type Context, contextOf, type RequestContext } from '../context.ts';
import { Project, ProjectMember, type ProjectRole, User } from '../database/entities/index.ts';
import type { PageRequest } from '../database/page.ts';
import { scanCountOf } from '../database/scans.ts';
import { forUpdate, lockRows } from '../database/sql.ts';
import { ConflictError, excerpt, NotFoundError } from '../errors.ts';
import { type ChangeOptions, inTransaction, type TransactionContext } from '../events/in-transaction.ts';
import { authorizeManage, loadForUpdate, lockForManage } from './authorize.ts';
import type { Listing } from './listing.ts';

/** A user and a project. */
export interface Membership {
  projectId: number;
  userId: number;
}

/** Who becomes a member: a user by its id, or by its email address in lower case. */
export type NewMember = { userId: number } | { email: string };

/**
 * Adds a user as a member. Throws `NotFoundError`, `ForbiddenError`, and `ConflictError` for one
 * who is a member already.
 */
export async function addMember(
  request: RequestContext,
  { projectId, who, role }: { projectId: number; who: NewMember; role: ProjectRole },
): Promise<ProjectMember> {
  const ctx = contextOf(request);
  const userId = 'userId' in who ? who.userId : await userWithEmail(ctx, projectId, who.email);
  return changeMembers(ctx, { projectId, userId }, async (tx, project, member) => {
    const { em } = tx;
    // A concurrent removal of the user waits, and then deletes the membership, too.
    await lockRows(em, 'users', [userId], 'key share');
    const user = await em.findOne(User, { id: userId, removedAt: null });
    if (!user) throw new NotFoundError([`User:${userId}`]);
    if (member)
      throw new ConflictError(`User:${user.id} is a member of Project:${project.id} already, as ${member.role}.`);
    tx.audit(memberEntry('MEMBER_ADDED', { projectId, userId }, role));
    return em.create(ProjectMember, { project, user, role });
  });
}

/**
 * Only those who may add members learn which addresses have users: they see the address of the
 * member anyway.
 */
async function userWithEmail(ctx: Context, projectId: number, email: string): Promise<number> {
  await authorizeManage(ctx, { type: 'Project', id: projectId });
  const user = await ctx.em.findOne(User, { email });
  if (!user) throw new NotFoundError([`a user with the address ${excerpt(email)}`]);
  return user.id;
}

/**
 * Changes the role of a member. Throws `NotFoundError`, `ForbiddenError`, and `ConflictError` when
 * no owner would be left.
 */
export async function updateMember(
  request: RequestContext,
  { role, ...membership }: Membership & { role: ProjectRole },
): Promise<ProjectMember> {
  const ctx = contextOf(request);
  return changeMembers(ctx, membership, async (tx, project, found) => {
    const member = assertMember(found, membership);
    if (role !== 'OWNER') await assertOwnerRemains(tx, project, member);
    member.role = role;
    tx.audit(memberEntry('MEMBER_UPDATED', membership, role));
    return member;
  });
}

/**
 * Ends a membership, and the user's subscriptions under it. Throws `NotFoundError`,
 * `ForbiddenError`, `ConflictError` as above.
 */
export async function removeMember(request: RequestContext, membership: Membership): Promise<void> {
  const ctx = contextOf(request);
  const remove: MemberChange<void> = async (tx, project, found) => {
    const member = assertMember(found, membership);
    await assertOwnerRemains(tx, project, member);
    tx.em.remove(member);
    tx.audit(memberEntry('MEMBER_REMOVED', membership, member.role));
  };
  await changeMembers(ctx, membership, remove, { onFullDisk: true });
}

const memberEntry = (action: AuditAction, { projectId, userId }: Membership, role: ProjectRole): AuditEntry => ({
  action,
  target: `Project:${projectId}`,
  details: { userId: `User:${userId}`, role },
});

type MemberChange<Result> = (tx: TransactionContext, project: Project, member: ProjectMember | null) => Promise<Result>;

/**
 * Changes a member in a transaction that locks the project, so that of two owners who remove each
 * other at once one remains. After the commit, subscriptions that the user may no longer have end.
 */
async function changeMembers<Result>(
  ctx: Context,
  { projectId, userId }: Membership,
  change: MemberChange<Result>,
  options?: ChangeOptions,
): Promise<Result> {
  const changeLocked = async (tx: TransactionContext) => {
    const { em } = tx;
    await em.findOne(Project, { id: projectId }, forUpdate);
    const project = await loadForUpdate<Project>(tx, await lockForManage(tx, { type: 'Project', id: projectId }));
    tx.emitAccessChange({ userId });
    return change(tx, project, await em.findOne(ProjectMember, { project: projectId, user: userId }));
  };
  return inTransaction(ctx, changeLocked, options);
}

function assertMember(member: ProjectMember | null, { projectId, userId }: Membership): ProjectMember {
  if (!member) throw new NotFoundError([`User:${userId} in Project:${projectId}`]);
  return member;
}

/** Without an owner, only administrators could change the members of a project. */
async function assertOwnerRemains({ em }: Context, project: Project, member: ProjectMember): Promise<void> {
  if (member.role !== 'OWNER') return;
  const others = await em.count(ProjectMember, { project: project.id, role: 'OWNER', user: { $ne: member.user.id } });
  if (others === 0) throw new ConflictError(`Project:${project.id} needs an owner. Make another member one first.`);
}

/** The members of a project that the viewer may see, in the order of their user ids. */
export function members(request: RequestContext, projectId: number): Listing<ProjectMember> {
  const ctx = contextOf(request);
  return {
    page({ limit, after, before, inverted }: PageRequest) {
      const bounds: FilterQuery<ProjectMember>[] = [];
      if (after !== undefined) bounds.push({ user: { $gt: after } });
      if (before !== undefined) bounds.push({ user: { $lt: before } });
      const where = { project: projectId, ...(bounds.length > 0 ? { $and: bounds } : {}) };
      return ctx.budget.query(() =>
        ctx.em.find(ProjectMember, where, { limit, orderBy: { user: inverted ? 'desc' : 'asc' } }),
      );
    },
    count: () => scanCountOf(ctx, ProjectMember, { project: projectId }),
  };
}
