import type { EntityClass, FilterQuery } from '@mikro-orm/core';
import { canSeeEntities } from '../auth/permissions.ts';
import type { Context } from '../context.ts';
import { Case, Comment, Contact, Opportunity, Project, Task } from '../database/entities/index.ts';
import { type PageRequest, pageById } from '../database/page.ts';

/** A list that is read by the page and counted only when somebody asks. */
export interface Listing<Row> {
  page(request: PageRequest): Promise<Row[]>;
  count(): Promise<number>;
}

function listing<Row extends { id: number }>(
  ctx: Context,
  table: EntityClass<Row>,
  where: FilterQuery<Row>,
): Listing<Row> {
  return {
    page: (request) => pageById(ctx.em, table, where, request),
    count: () => ctx.em.count(table, where),
  };
}

/** Every project that the viewer is a member of; for an administrator, every project. */
export function projects(ctx: Context): Listing<Project> {
  return listing(ctx, Project, ctx.viewer.isAdmin ? {} : { members: { user: ctx.viewer.userId } });
}

/** The tasks of one project, or of every project that the viewer may see. */
export function tasks(ctx: Context, projectId?: number): Listing<Task> {
  const visible: FilterQuery<Task> = ctx.viewer.isAdmin ? {} : { project: { members: { user: ctx.viewer.userId } } };
  return listing(ctx, Task, projectId === undefined ? visible : { $and: [{ project: projectId }, visible] });
}

/** The comments of a task that the caller has already reached. */
export function comments(ctx: Context, task: Task): Listing<Comment> {
  return listing(ctx, Comment, { task: task.id });
}

export const entityTypes = ['Contact', 'Opportunity', 'Case'] as const;
export type EntityType = (typeof entityTypes)[number];
export type Entity = Contact | Opportunity | Case;
const entityTables: Record<EntityType, EntityClass<Entity>> = { Contact, Opportunity, Case };

/** Where an entity lies in the list of all. */
export interface EntityKey {
  type: EntityType;
  id: number;
}

export interface EntityPageRequest {
  limit: number;
  after?: EntityKey | undefined;
  before?: EntityKey | undefined;
  inverted?: boolean | undefined;
}

/**
 * All contacts, then all opportunities, then all cases; or those of one type. A page reads from as many tables
 * as it spans, each by key.
 */
export function entities(ctx: Context, only?: EntityType) {
  const types = canSeeEntities(ctx.viewer) ? entityTypes.filter((type) => !only || type === only) : [];
  return {
    async page({ limit, after, before, inverted }: EntityPageRequest): Promise<Entity[]> {
      const place = (type: EntityType) => entityTypes.indexOf(type);
      const rows: Entity[] = [];
      for (const type of inverted ? types.toReversed() : types) {
        if (rows.length === limit) break;
        if (after && place(type) < place(after.type)) continue;
        if (before && place(type) > place(before.type)) continue;
        const window = {
          limit: limit - rows.length,
          after: after?.type === type ? after.id : undefined,
          before: before?.type === type ? before.id : undefined,
          inverted,
        };
        rows.push(...(await pageById(ctx.em, entityTables[type], {}, window)));
      }
      return rows;
    },
    isKey(key: unknown): key is EntityKey {
      const { type, id } = (key ?? {}) as Partial<EntityKey>;
      return types.some((known) => known === type) && Number.isSafeInteger(id);
    },
    async count(): Promise<number> {
      let total = 0;
      for (const type of types) total += await ctx.em.count(entityTables[type]);
      return total;
    },
  };
}
