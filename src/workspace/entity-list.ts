import type { EntityClass, FilterQuery } from '@mikro-orm/core';
import type { Context } from '../context.ts';
import {
  Case,
  Contact,
  EntityAccess,
  type EntityRef,
  type EntityType,
  entityTypes,
  Opportunity,
} from '../database/entities/index.ts';
import { pageById } from '../database/page.ts';
import type { Entity } from './attachable.ts';

export { entityTypes };

const tables: Record<EntityType, EntityClass<Entity>> = { Contact, Opportunity, Case };

export interface EntityPageRequest {
  limit: number;
  after?: EntityRef | undefined;
  before?: EntityRef | undefined;
  inverted?: boolean | undefined;
}

/**
 * All contacts, then all opportunities, then all cases that the viewer may see; or those of one type. A page reads
 * from as many tables as it spans, each by key.
 */
export function entities(ctx: Context, only?: EntityType) {
  const types = entityTypes.filter((type) => !only || type === only);
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
        rows.push(...(await pageById(ctx.em, tables[type], visible(ctx, type), window)));
      }
      return rows;
    },
    async count(): Promise<number> {
      let total = 0;
      for (const type of types) total += await ctx.em.count(tables[type], visible(ctx, type));
      return total;
    },
    isKey: (key: unknown): key is EntityRef => {
      const { type, id } = (key ?? {}) as Partial<EntityRef>;
      return entityTypes.includes(type as EntityType) && Number.isSafeInteger(id);
    },
  };
}

/** `canSeeEntity` of auth/permissions.ts, as a condition on the table. */
function visible(ctx: Context, type: EntityType): FilterQuery<Entity> {
  const { userId, isAdmin } = ctx.viewer;
  if (isAdmin) return {};
  const listed = ctx.em.createQueryBuilder(EntityAccess).select('entityId').where({ user: userId, entityType: type });
  const isShared =
    type === 'Contact' ? { isPrivate: false, shareType: { $ne: 'NONE' as const } } : { isPrivate: false };
  return { $or: [{ createdBy: userId }, { id: { $in: listed } }, isShared] } as FilterQuery<Entity>;
}
