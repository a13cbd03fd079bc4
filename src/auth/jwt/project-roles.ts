import type { AuditEntry } from '../../audit/audit-entry.ts';
import type { JwtProvider } from '../../context.ts';
import type { EntityManager } from '../../database/database.ts';
import { Project, ProjectMember, type ProjectRole, type UserIdentity } from '../../database/entities/index.ts';
import { forUpdate } from '../../database/sql.ts';

const power: Record<ProjectRole, number> = { VIEWER: 0, EDITOR: 1, OWNER: 2 };

/** The roles that groups give, by the numbers of projects: the strongest, when several give one. */
export function rolesOfGroups({ projectRoles }: JwtProvider, groups: ReadonlySet<string>): Map<number, ProjectRole> {
  const roles = new Map<number, ProjectRole>();
  for (const [group, rolesIn] of projectRoles) {
    if (!groups.has(group)) continue;
    for (const [projectId, role] of rolesIn)
      if (power[role] >= power[roles.get(projectId) ?? 'VIEWER']) roles.set(projectId, role);
  }
  return roles;
}

/**
 * Adds, changes and ends the memberships of a user as the groups say. A membership that a person
 * made or changed belongs to that person: groups neither change nor end it. A project keeps its
 * last owner. Returns the changes, for the audit log.
 */
export async function syncProjectRoles(
  em: EntityManager,
  row: UserIdentity,
  roles: ReadonlyMap<number, ProjectRole>,
): Promise<AuditEntry[]> {
  const given = new Map(
    Object.entries(JSON.parse(row.projectRoles) as Record<string, ProjectRole>).map(([id, role]) => [Number(id), role]),
  );
  const changes: AuditEntry[] = [];
  // In one order, so that two sign-ins do not wait for each other's locks.
  for (const projectId of [...new Set([...given.keys(), ...roles.keys()])].sort((a, b) => a - b)) {
    const role = roles.get(projectId);
    const project = await em.findOne(Project, { id: projectId }, forUpdate);
    const member = project && (await em.findOne(ProjectMember, { project: projectId, user: row.user.id }));
    const isOurs = member ? member.role === given.get(projectId) : true;
    if (!project || !isOurs || (!member && !role)) {
      given.delete(projectId);
      continue;
    }
    if (role === member?.role || (member?.role === 'OWNER' && (await isLastOwner(em, member)))) continue;
    changes.push(changeMembership(em, { project, user: row.user, member, role }));
    if (role) given.set(projectId, role);
    else given.delete(projectId);
  }
  row.projectRoles = JSON.stringify(Object.fromEntries(given));
  return changes;
}

interface MembershipChange {
  project: Project;
  user: UserIdentity['user'];
  /** The present membership. */
  member: ProjectMember | null;
  /** The new role; undefined ends the membership. */
  role: ProjectRole | undefined;
}

function changeMembership(em: EntityManager, { project, user, member, role }: MembershipChange): AuditEntry {
  const action = !member ? 'MEMBER_ADDED' : role ? 'MEMBER_UPDATED' : 'MEMBER_REMOVED';
  const details = { userId: `User:${user.id}`, role: role ?? member?.role ?? null };
  if (member && role) member.role = role;
  else if (member) em.remove(member);
  else if (role) em.create(ProjectMember, { project, user, role });
  return { action, target: `Project:${project.id}`, details };
}

async function isLastOwner(em: EntityManager, { project, user }: ProjectMember): Promise<boolean> {
  return (await em.count(ProjectMember, { project: project.id, role: 'OWNER', user: { $ne: user.id } })) === 0;
}
