import type { EntityClass } from '@mikro-orm/core';
import { canEditEntities, canEditProject, canSeeEntities, canSeeProject } from '../auth/permissions.ts';
import type { Context } from '../context.ts';
import {
  type AttachableRef,
  type AttachableType,
  Case,
  Comment,
  Contact,
  Opportunity,
  Project,
  ProjectMember,
  Task,
} from '../database/entities/index.ts';
import { Forbidden, NotFound } from '../errors.ts';
import { type Topic, topicOf } from '../events/hub.ts';

/** What files hang on, as it lies in its table. */
export type Attachable = Project | Task | Comment | Contact | Opportunity | Case;

const tables = { Project, Task, Comment, Contact, Opportunity, Case } satisfies Record<
  AttachableType,
  EntityClass<Attachable>
>;

export function typeOf(row: Attachable): AttachableType {
  for (const [type, table] of Object.entries(tables)) if (row instanceof table) return type as AttachableType;
  throw new TypeError('Not an attachable.');
}

export const refOf = (row: Attachable): AttachableRef => ({ type: typeOf(row), id: row.id });

/** An attachable that the viewer may see. */
export interface Reached {
  ref: AttachableRef;
  row: Attachable;
  /** Whether files may be attached to it and detached from it. */
  canEdit: boolean;
  /** Where its events are told: itself, and the project around it. */
  topics: Topic[];
}

/**
 * Looks up many attachables at once, whatever their types, in a fixed number of statements.
 * The answer has an entry, by topic, for each one that exists and that the viewer may see.
 */
export async function reach(ctx: Context, refs: readonly AttachableRef[]): Promise<Map<Topic, Reached>> {
  const rows: Attachable[] = [];
  for (const [type, ids] of Map.groupBy(refs, (ref) => ref.type)) {
    const where = { id: { $in: [...new Set(ids.map((ref) => ref.id))] } };
    if (type === 'Comment') rows.push(...(await ctx.em.find(Comment, where, { populate: ['task'] })));
    else rows.push(...(await ctx.em.find(tables[type] as EntityClass<Attachable>, where)));
  }
  const roles = await rolesIn(
    ctx,
    rows.flatMap((row) => projectIdOf(row) ?? []),
  );

  const reached = new Map<Topic, Reached>();
  for (const row of rows) {
    const ref = refOf(row);
    const projectId = projectIdOf(row);
    const role = projectId === undefined ? undefined : roles.get(projectId);
    const canSee = projectId === undefined ? canSeeEntities(ctx.viewer) : canSeeProject(ctx.viewer, role);
    if (!canSee) continue;
    const canEdit = projectId === undefined ? canEditEntities(ctx.viewer) : canEditProject(ctx.viewer, role);
    const project: AttachableRef[] =
      projectId === undefined || ref.type === 'Project' ? [] : [{ type: 'Project', id: projectId }];
    reached.set(topicOf(ref), { ref, row, canEdit, topics: [ref, ...project].map(topicOf) });
  }
  return reached;
}

/** The one attachable. Throws `NotFound` when it does not exist or the viewer may not see it. */
export async function reachOne(ctx: Context, ref: AttachableRef): Promise<Reached> {
  const reached = (await reach(ctx, [ref])).get(topicOf(ref));
  if (!reached) throw new NotFound([topicOf(ref)]);
  return reached;
}

/** The one attachable, to change what hangs on it. Throws `NotFound`, or `Forbidden` when it may only be looked at. */
export async function reachToEdit(ctx: Context, ref: AttachableRef): Promise<Reached> {
  const reached = await reachOne(ctx, ref);
  if (!reached.canEdit)
    throw new Forbidden(
      `You may look at ${topicOf(ref)}, but not change it. Ask an owner of its project for the EDITOR role.`,
    );
  return reached;
}

function projectIdOf(row: Attachable): number | undefined {
  if (row instanceof Project) return row.id;
  if (row instanceof Task) return row.project.id;
  if (row instanceof Comment) return row.task.unwrap().project.id;
  return undefined;
}

/** The viewer's own role in each of the projects; an administrator needs none. */
async function rolesIn(ctx: Context, projectIds: number[]): Promise<Map<number, ProjectMember['role']>> {
  if (projectIds.length === 0 || ctx.viewer.isAdmin) return new Map();
  const members = await ctx.em.find(ProjectMember, {
    user: ctx.viewer.userId,
    project: { $in: [...new Set(projectIds)] },
  });
  return new Map(members.map((member) => [member.project.id, member.role]));
}
