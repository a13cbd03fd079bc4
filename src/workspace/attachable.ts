import type { EntityClass } from '@mikro-orm/core';
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
import { assertWriteScope } from '../auth/require-scope.ts';
import type { Context } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import {
  type AttachableRef,
  type AttachableType,
  Case,
  Comment,
  Contact,
  EntityAccess,
  Opportunity,
  Project,
  ProjectMember,
  type ProjectRole,
  Task,
} from '../database/entities/index.ts';
import { placeholders, type Row, rowsById, rowsWhere } from '../database/rows.ts';
import { lockRows } from '../database/sql.ts';
import { ForbiddenError, NotFoundError } from '../errors.ts';
import { isInTransaction, type TransactionContext } from '../events/in-transaction.ts';
import { type Topic, topicOf } from '../events/topic.ts';

export { attachableTypes, entityTypes } from '../database/entities/index.ts';

/** What files hang on, as it lies in its table. */
export type Attachable = Row<Project | Task | Comment> | Entity;
export type Entity = Row<Contact | Opportunity | Case>;

const tables: Record<AttachableType, EntityClass<Attachable>> = {
  Project,
  Task,
  Comment,
  Contact,
  Opportunity,
  Case,
};

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
export interface AttachableAccess {
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
export async function findAttachables(
  { em }: Pick<Context, 'em'>,
  refs: readonly AttachableRef[],
): Promise<Map<Topic, Attachable>> {
  const found = new Map<Topic, Attachable>();
  for (const [type, some] of Map.groupBy(refs, (ref) => ref.type)) {
    const ids = some.map((ref) => ref.id);
    for (const row of await rowsById(em, tables[type], ids)) found.set(topicOf({ type, id: row.id }), row);
  }
  return found;
}

/**
 * Looks up many attachables at once, whatever their types, in a fixed number of statements.
 * The answer has an entry, by topic, for each one that exists and that the viewer may see.
 */
export async function loadAttachables(
  ctx: Context,
  refs: readonly AttachableRef[],
): Promise<Map<Topic, AttachableAccess>> {
  const rows = [...(await findAttachables(ctx, refs)).values()];
  const comments = rows.filter((row) => row instanceof Comment);
  const tasks = await rowsById(
    ctx.em,
    Task,
    comments.map((comment) => comment.task.id),
  );
  const projects = new Map(tasks.map((task) => [task.id, task.project.id]));
  const around = new Map(rows.map((row) => [row, parentsOf(row, projects)]));
  const projectIds = ctx.viewer.isAdmin ? [] : [...around.values()].flatMap(({ projectId }) => projectId ?? []);
  const roles = await rolesOf(ctx, projectIds);
  const accesses = await accessesTo(ctx, rows.filter(isEntity).map(refOf));

  const reached = new Map<Topic, AttachableAccess>();
  for (const [row, { projectId, taskId }] of around) {
    const ref = refOf(row);
    const role = projectId === undefined ? undefined : roles.get(projectId);
    const rights = isEntity(row)
      ? rightsOnEntity(ctx, factsOf(row, accesses.get(topicOf(ref))))
      : rightsInProject(ctx, role);
    if (!rights.canSee) continue;
    const places: AttachableRef[] = projectId === undefined ? [ref] : [ref, { type: 'Project', id: projectId }];
    const topics = [...new Set(places.map(topicOf))];
    reached.set(topicOf(ref), { ref, row, ...rights, projectId, taskId, topics });
  }
  return reached;
}

/** The one attachable. Throws `NotFoundError` when it does not exist or the viewer may not see it. */
export async function loadAttachable(ctx: Context, ref: AttachableRef): Promise<AttachableAccess> {
  const reached = (await loadAttachables(ctx, [ref])).get(topicOf(ref));
  if (!reached) throw new NotFoundError([topicOf(ref)]);
  return reached;
}

/** The one attachable, to change it or what hangs on it. Throws `NotFoundError`, or `ForbiddenError` when it may only be seen. */
export async function authorizeEdit(ctx: Context, ref: AttachableRef): Promise<AttachableAccess> {
  const reached = await loadAttachable(ctx, ref);
  if (isInTransaction(ctx)) await lockAgainstDeletion(ctx, reached);
  if (reached.canEdit) return reached;
  assertWriteScope(ctx.viewer);
  throw new ForbiddenError(`You may look at ${topicOf(ref)}, but not change it. Ask for the right to edit it.`);
}

/** What was reached, as the entity to be changed. Throws `NotFoundError` when it is gone meanwhile. */
export async function loadForUpdate<Entity extends object>(
  { em }: Context,
  { ref }: AttachableAccess,
): Promise<Entity> {
  const entity = await em.findOne(tables[ref.type], { id: ref.id });
  if (!entity) throw new NotFoundError([topicOf(ref)]);
  return entity as unknown as Entity;
}

/** Keeps it, and what is around it, from being deleted while something is hung on it. Throws `NotFoundError` when it was. */
async function lockAgainstDeletion(
  { em }: TransactionContext,
  { ref, projectId, taskId }: AttachableAccess,
): Promise<void> {
  // From the outermost to itself, as those lock who delete.
  const around = [['Project', projectId] as const, ['Task', taskId] as const, [ref.type, ref.id] as const];
  const places = new Map(around.flatMap(([type, id]) => (id === undefined ? [] : [[type, id] as const])));
  for (const [type, id] of places) {
    if (!(await lockRows(em, tableNames[type], [id], 'key share'))) throw new NotFoundError([topicOf(ref)]);
  }
}

/** The one attachable, to delete it or to say who sees it. Throws `NotFoundError`, `ForbiddenError`. */
export async function authorizeManage(ctx: Context, ref: AttachableRef): Promise<AttachableAccess> {
  const reached = await authorizeEdit(ctx, ref);
  if (!reached.canManage) throw new ForbiddenError(`Only an owner of ${topicOf(ref)} may do this.`);
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
function parentsOf(
  row: Attachable,
  projectOfTask: ReadonlyMap<number, number>,
): Pick<AttachableAccess, 'projectId' | 'taskId'> {
  if (row instanceof Project) return { projectId: row.id, taskId: undefined };
  if (row instanceof Task) return { projectId: row.project.id, taskId: row.id };
  if (row instanceof Comment) return { projectId: projectOfTask.get(row.task.id), taskId: row.task.id };
  return { projectId: undefined, taskId: undefined };
}

/** The viewer's own roles, by project. */
export async function rolesOf(
  { em, viewer }: Context,
  projectIds: readonly number[],
): Promise<Map<number, ProjectRole>> {
  const members = await inChunks(projectIds, (some) =>
    rowsWhere(em, ProjectMember, `t.user_id = ? and t.project_id in (${placeholders(some)})`, [viewer.userId, ...some]),
  );
  return new Map(members.map((member) => [member.project.id, member.role]));
}

async function accessesTo(
  { em, viewer }: Context,
  refs: readonly AttachableRef[],
): Promise<Map<Topic, EntityFacts['access']>> {
  if (refs.length === 0 || viewer.isAdmin) return new Map();
  const accesses = await inChunks(refs, (some) => {
    const byType = [...Map.groupBy(some, (ref) => ref.type)].map(
      ([type, ofType]) => [type, ofType.map(({ id }) => id)] as const,
    );
    const where = byType.map(([, ids]) => `(t.entity_type = ? and t.entity_id in (${placeholders(ids)}))`).join(' or ');
    return rowsWhere(em, EntityAccess, `t.user_id = ? and (${where})`, [viewer.userId, ...byType.flat(2)]);
  });
  return new Map(accesses.map((row) => [topicOf({ type: row.entityType, id: row.entityId }), row.access]));
}
