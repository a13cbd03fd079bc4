import type { EntityClass } from '@mikro-orm/core';
import { mustWrite } from '../auth/ask.ts';
import {
  canEditEntity,
  canEditProject,
  canManageEntity,
  canManageProject,
  canSeeEntity,
  canSeeProject,
  type EntityFacts,
  isEditorOfEntity,
  isEditorOfProject,
} from '../auth/permissions.ts';
import type { Context } from '../context.ts';
import {
  type AttachableRef,
  type AttachableType,
  Case,
  Comment,
  Contact,
  EntityAccess,
  type EntityType,
  Opportunity,
  Project,
  ProjectMember,
  type ProjectRole,
  Task,
} from '../database/entities/index.ts';
import { lockRows } from '../database/query.ts';
import { Forbidden, NotFound } from '../errors.ts';
import { type Inside, isInside } from '../events/changing.ts';
import { type Topic, topicOf } from '../events/topic.ts';

export { attachableTypes, entityTypes } from '../database/entities/index.ts';

/** What files hang on, as it lies in its table. */
export type Attachable = Project | Task | Comment | Contact | Opportunity | Case;
export type Entity = Contact | Opportunity | Case;

const tables = {
  Project,
  Task,
  Comment,
  Contact,
  Opportunity,
  Case,
} satisfies Record<AttachableType, EntityClass<Attachable>>;

/** As the database calls them. */
export const tableNames: Record<AttachableType, string> = {
  Project: 'projects',
  Task: 'tasks',
  Comment: 'comments',
  Contact: 'contacts',
  Opportunity: 'opportunities',
  Case: 'cases',
};

export function typeOf(row: Attachable): AttachableType {
  for (const [type, table] of Object.entries(tables)) if (row instanceof table) return type as AttachableType;
  throw new TypeError('Not an attachable.');
}

export const refOf = (row: Attachable): AttachableRef => ({ type: typeOf(row), id: row.id });

/** An attachable that the viewer may see. */
export interface Reached {
  ref: AttachableRef;
  row: Attachable;
  /** Whether the viewer also sees what is not yet available there. */
  isEditor: boolean;
  /** Whether the viewer may change it, attach files to it and detach them. */
  canEdit: boolean;
  /** Whether the viewer may delete it and say who else sees it. */
  canManage: boolean;
  /** The project around it; of a project, itself. Entities have none. */
  projectId: number | undefined;
  /** The task around it; of a task, itself. */
  taskId: number | undefined;
  /** Where its events are told: itself, and the project around it. */
  topics: Topic[];
}

/** Attachables that exist, by topic, in a fixed number of statements. Nobody is asked whether the viewer may see them. */
export async function findRows(
  { em }: Pick<Context, 'em'>,
  refs: readonly AttachableRef[],
): Promise<Map<Topic, Attachable>> {
  const rows: Attachable[] = [];
  for (const [type, some] of Map.groupBy(refs, (ref) => ref.type)) {
    const where = { id: { $in: [...new Set(some.map((ref) => ref.id))] } };
    if (type === 'Comment') rows.push(...(await em.find(Comment, where, { populate: ['task'] })));
    else rows.push(...(await em.find(tables[type] as EntityClass<Attachable>, where)));
  }
  return new Map(rows.map((row) => [topicOf(refOf(row)), row]));
}

/**
 * Looks up many attachables at once, whatever their types, in a fixed number of statements.
 * The answer has an entry, by topic, for each one that exists and that the viewer may see.
 */
export async function reach(ctx: Context, refs: readonly AttachableRef[]): Promise<Map<Topic, Reached>> {
  const rows = [...(await findRows(ctx, refs)).values()];
  const roles = await rolesIn(
    ctx,
    rows.flatMap((row) => aroundOf(row).projectId ?? []),
  );
  const accesses = await accessesTo(ctx, rows.filter(isEntity));

  const reached = new Map<Topic, Reached>();
  for (const row of rows) {
    const ref = refOf(row);
    const { projectId, taskId } = aroundOf(row);
    const role = projectId === undefined ? undefined : roles.get(projectId);
    const rights = isEntity(row)
      ? rightsOnEntity(ctx, factsOf(row, accesses.get(topicOf(ref))))
      : rightsInProject(ctx, role);
    if (!rights.canSee) continue;
    const around: AttachableRef[] = projectId === undefined ? [] : [{ type: 'Project', id: projectId }];
    const topics = [...new Set([ref, ...around].map(topicOf))];
    reached.set(topicOf(ref), { ref, row, ...rights, projectId, taskId, topics });
  }
  return reached;
}

/** The one attachable. Throws `NotFound` when it does not exist or the viewer may not see it. */
export async function reachOne(ctx: Context, ref: AttachableRef): Promise<Reached> {
  const reached = (await reach(ctx, [ref])).get(topicOf(ref));
  if (!reached) throw new NotFound([topicOf(ref)]);
  return reached;
}

/** The one attachable, to change it or what hangs on it. Throws `NotFound`, or `Forbidden` when it may only be seen. */
export async function reachToEdit(ctx: Context, ref: AttachableRef): Promise<Reached> {
  const reached = await reachOne(ctx, ref);
  if (isInside(ctx)) await mustStay(ctx, reached);
  if (reached.canEdit) return reached;
  mustWrite(ctx.viewer);
  throw new Forbidden(`You may look at ${topicOf(ref)}, but not change it. Ask for the right to edit it.`);
}

/** Keeps it, and what is around it, from being deleted while something is hung on it. Throws `NotFound` when it was. */
async function mustStay({ em }: Inside, { ref, projectId, taskId }: Reached): Promise<void> {
  // From the outermost to itself, as those lock who delete.
  const around = [['Project', projectId] as const, ['Task', taskId] as const, [ref.type, ref.id] as const];
  const places = new Map(around.flatMap(([type, id]) => (id === undefined ? [] : [[type, id] as const])));
  for (const [type, id] of places) {
    if (!(await lockRows(em, tableNames[type], [id], 'key share'))) throw new NotFound([topicOf(ref)]);
  }
}

/** The one attachable, to delete it or to say who sees it. Throws `NotFound`, `Forbidden`. */
export async function reachToManage(ctx: Context, ref: AttachableRef): Promise<Reached> {
  const reached = await reachToEdit(ctx, ref);
  if (!reached.canManage) throw new Forbidden(`Only an owner of ${topicOf(ref)} may do this.`);
  return reached;
}

function isEntity(row: Attachable): row is Entity {
  return row instanceof Contact || row instanceof Opportunity || row instanceof Case;
}

function rightsInProject({ viewer }: Context, role: ProjectRole | undefined) {
  return {
    canSee: canSeeProject(viewer, role),
    isEditor: isEditorOfProject(viewer, role),
    canEdit: canEditProject(viewer, role),
    canManage: canManageProject(viewer, role),
  };
}

function rightsOnEntity({ viewer }: Context, facts: EntityFacts) {
  return {
    canSee: canSeeEntity(viewer, facts),
    isEditor: isEditorOfEntity(viewer, facts),
    canEdit: canEditEntity(viewer, facts),
    canManage: canManageEntity(viewer, facts),
  };
}

function factsOf(row: Entity, access: EntityFacts['access']): EntityFacts {
  const shareType = row instanceof Contact ? row.shareType : 'READ_WRITE';
  return { createdBy: row.createdBy.id, isPrivate: row.isPrivate, shareType, access };
}

/** The project and the task around an attachable, itself included. */
export function aroundOf(row: Attachable): { projectId: number | undefined; taskId: number | undefined } {
  if (row instanceof Project) return { projectId: row.id, taskId: undefined };
  if (row instanceof Task) return { projectId: row.project.id, taskId: row.id };
  if (row instanceof Comment) return { projectId: row.task.unwrap().project.id, taskId: row.task.id };
  return { projectId: undefined, taskId: undefined };
}

async function rolesIn(ctx: Context, projectIds: number[]): Promise<Map<number, ProjectRole>> {
  if (projectIds.length === 0 || ctx.viewer.isAdmin) return new Map();
  const members = await ctx.em.find(ProjectMember, {
    user: ctx.viewer.userId,
    project: { $in: [...new Set(projectIds)] },
  });
  return new Map(members.map((member) => [member.project.id, member.role]));
}

async function accessesTo(ctx: Context, entities: Entity[]): Promise<Map<Topic, EntityFacts['access']>> {
  if (entities.length === 0 || ctx.viewer.isAdmin) return new Map();
  const accesses = await ctx.em.find(EntityAccess, {
    user: ctx.viewer.userId,
    $or: [...Map.groupBy(entities, typeOf)].map(([type, rows]) => ({
      entityType: type as EntityType,
      entityId: { $in: rows.map((row) => row.id) },
    })),
  });
  return new Map(accesses.map((row) => [topicOf({ type: row.entityType, id: row.entityId }), row.access]));
}
