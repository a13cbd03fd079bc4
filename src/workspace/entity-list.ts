import type { SqlCondition } from '../auth/access-sql.ts';
import { type Context, contextOf, type RequestContext } from '../context.ts';
import { type EntityRef, type EntityType, entityTypes } from '../database/entities/index.ts';
import { type Entity, entityDescriptors } from './attachables/index.ts';
import { grantedEntities, matching, titleConditions } from './granted-ids.ts';
import { type Listing, listing, listingOfIds } from './listing.ts';

export { entityTypes };

export interface EntityPageRequest {
  limit: number;
  after?: EntityRef | undefined;
  before?: EntityRef | undefined;
  inverted?: boolean | undefined;
}

/**
 * The entities that the viewer may see, type by type in the order of `entityTypes`, or those of one
 * type; with a text, only those whose title contains it, ignoring case. A page reads from as many
 * tables as it spans.
 */
export function listEntities(request: RequestContext, only?: EntityType, titleContains?: string) {
  const ctx = contextOf(request);
  const conditions = titleConditions(titleContains);
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
        rows.push(...(await entitiesOf(ctx, type, conditions).page(window)));
      }
      return rows;
    },
    async count(): Promise<number> {
      let total = 0;
      for (const type of types) total += await entitiesOf(ctx, type, conditions).count();
      return total;
    },
    isKey: (key: unknown): key is EntityRef => {
      const { type, id } = (key ?? {}) as Partial<EntityRef>;
      return entityTypes.includes(type as EntityType) && Number.isSafeInteger(id);
    },
  };
}

/** Those of one type that fulfil all conditions. */
function entitiesOf(ctx: Context, type: EntityType, conditions: readonly SqlCondition[]): Listing<Entity> {
  const { entity, table } = entityDescriptors[type];
  if (!ctx.viewer.isAdmin) return listingOfIds(ctx, entity, grantedEntities(ctx, ctx.viewer.userId, type, conditions));
  if (conditions.length > 0) return listingOfIds(ctx, entity, matching(ctx, table, conditions));
  return listing(ctx, entity, {});
}
