import type { FilterQuery } from '@mikro-orm/core';
import { type Context, contextOf, type RequestContext } from '../context.ts';
import { type EntityRef, type EntityType, entityTypes } from '../database/entities/index.ts';
import { pageById } from '../database/page.ts';
import { rawCondition } from '../database/sql.ts';
import { type Entity, entityDescriptors } from './attachables/index.ts';

export { entityTypes };

export interface EntityPageRequest {
  limit: number;
  after?: EntityRef | undefined;
  before?: EntityRef | undefined;
  inverted?: boolean | undefined;
}

/**
 * The entities that the viewer may see, type by type in the order of `entityTypes`, or those of one
 * type. A page reads from as many tables as it spans, each by key.
 */
export function listEntities(request: RequestContext, only?: EntityType) {
  const ctx = contextOf(request);
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
        rows.push(...(await pageById(ctx.em, entityDescriptors[type].entity, visible(ctx, type), window)));
      }
      return rows;
    },
    async count(): Promise<number> {
      let total = 0;
      for (const type of types) total += await ctx.em.count(entityDescriptors[type].entity, visible(ctx, type));
      return total;
    },
    isKey: (key: unknown): key is EntityRef => {
      const { type, id } = (key ?? {}) as Partial<EntityRef>;
      return entityTypes.includes(type as EntityType) && Number.isSafeInteger(id);
    },
  };
}

/** `canSeeEntity` of auth/permissions.ts, as a condition on the table. It serves one statement. */
function visible({ viewer }: Context, type: EntityType): FilterQuery<Entity> {
  if (viewer.isAdmin) return {};
  const conditionOn = (alias: string) => entityDescriptors[type].rowVisibleTo(alias, viewer.userId);
  return rawCondition((alias) => conditionOn(alias).sql, conditionOn('').params) as FilterQuery<Entity>;
}
