import { type Context, contextOf, type RequestContext } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import {
  type AccessLevel,
  type AttachableRef,
  EntityAccess,
  type EntityRef,
  ProjectMember,
  type ProjectRole,
} from '../database/entities/index.ts';
import { placeholders, rowsById, rowsWhere } from '../database/rows.ts';
import { NotFoundError } from '../errors.ts';
import { type Topic, topicOf } from '../events/topic.ts';
import type { VisibleRights } from './attachables/descriptor.ts';
import { type Attachable, attachables, isEntityRef, parentOf, refOf } from './attachables/index.ts';

export type { Attachable, Entity } from './attachables/index.ts';
export { attachableTypes, entityTypes, refOf, typeOf } from './attachables/index.ts';

/** An attachable that the viewer may see. */
export interface AttachableAccess extends VisibleRights {
  ref: AttachableRef;
  row: Attachable;
  /** The attachables around it, from the outermost to itself. */
  path: readonly AttachableRef[];
  /** The project around it; of a project, itself. Entities have none. */
  projectId: number | undefined;
  /** The task around it; of a task, itself. */
  taskId: number | undefined;
  /** The topics of its events: itself, and the project around it. */
  topics: Topic[];
}

/**
 * The attachables that exist, by topic, in one statement per type. The viewer's rights are not
 * checked.
 */
export async function findAttachables(
  request: RequestContext,
  refs: readonly AttachableRef[],
): Promise<Map<Topic, Attachable>> {
  const { em } = contextOf(request);
  const found = new Map<Topic, Attachable>();
  for (const [type, some] of Map.groupBy(refs, (ref) => ref.type)) {
    const ids = some.map((ref) => ref.id);
    for (const row of await rowsById(em, attachables[type].entity, ids)) found.set(topicOf({ type, id: row.id }), row);
  }
  return found;
}

/**
 * Loads many attachables at once, whatever their types, in a fixed number of statements. The result
 * has an entry, by topic, for each one that exists and that the viewer may see.
 */
export async function loadAttachables(
  request: RequestContext,
  refs: readonly AttachableRef[],
): Promise<Map<Topic, AttachableAccess>> {
  const ctx = contextOf(request);
  const found = await findAttachables(ctx, refs);
  const paths = await pathsOf(ctx, found);
  const projects = [...paths.values()].flatMap((path) => idIn(path, 'Project') ?? []);
  const roles = await rolesOf(ctx, ctx.viewer.isAdmin ? [] : projects);
  const accesses = await accessesTo(ctx, [...found.values()].map(refOf).filter(isEntityRef));

  const loaded = new Map<Topic, AttachableAccess>();
  for (const [topic, row] of found) {
    const ref = refOf(row);
    const path = paths.get(topic) ?? [ref];
    const projectId = idIn(path, 'Project');
    const role = projectId === undefined ? undefined : roles.get(projectId);
    const { canSee, ...rights } = attachables[ref.type].rights(ctx.viewer, row, { role, access: accesses.get(topic) });
    if (!canSee) continue;
    const places: AttachableRef[] = projectId === undefined ? [ref] : [ref, { type: 'Project', id: projectId }];
    const topics = [...new Set(places.map(topicOf))];
    loaded.set(topic, { ref, row, ...rights, path, projectId, taskId: idIn(path, 'Task'), topics });
  }
  return loaded;
}

/**
 * The one attachable. Throws `NotFoundError` when it does not exist or the viewer may not see it.
 */
export async function loadAttachable(ctx: RequestContext, ref: AttachableRef): Promise<AttachableAccess> {
  const loaded = (await loadAttachables(ctx, [ref])).get(topicOf(ref));
  if (!loaded) throw new NotFoundError([topicOf(ref)]);
  return loaded;
}

/**
 * The path of each row, by topic. The row of a parent is read only where that one has a parent,
 * too.
 */
async function pathsOf(
  ctx: Context,
  found: ReadonlyMap<Topic, Attachable>,
): Promise<Map<Topic, readonly AttachableRef[]>> {
  const known = new Map(found);
  for (let rows = [...found.values()]; rows.length > 0; ) {
    const parents = rows.flatMap((row) => parentOf(row) ?? []);
    const inner = parents.filter((ref) => attachables[ref.type].parent && !known.has(topicOf(ref)));
    const read = await findAttachables(ctx, inner);
    for (const [topic, row] of read) known.set(topic, row);
    rows = [...read.values()];
  }
  const pathTo = (ref: AttachableRef): AttachableRef[] => {
    const row = known.get(topicOf(ref));
    const parent = row && parentOf(row);
    return parent ? [...pathTo(parent), ref] : [ref];
  };
  return new Map([...found].map(([topic, row]) => [topic, pathTo(refOf(row))]));
}

const idIn = (path: readonly AttachableRef[], type: AttachableRef['type']): number | undefined =>
  path.find((ref) => ref.type === type)?.id;

/** The viewer's own roles, by project. */
export async function rolesOf(
  request: RequestContext,
  projectIds: readonly number[],
): Promise<Map<number, ProjectRole>> {
  const { em, viewer } = contextOf(request);
  const members = await inChunks(projectIds, (some) =>
    rowsWhere(em, ProjectMember, `t.user_id = ? and t.project_id in (${placeholders(some)})`, [viewer.userId, ...some]),
  );
  return new Map(members.map((member) => [member.project.id, member.role]));
}

/** The viewer's own entries on the access lists of entities, by topic. */
async function accessesTo(
  { em, viewer }: Context,
  refs: readonly EntityRef[],
): Promise<Map<Topic, AccessLevel | undefined>> {
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
