import { type Context, contextOf, type RequestContext } from '../context.ts';
import { type EntityRef, type EntityType, entityTypes } from '../database/entities/index.ts';
import { type Entity, entityDescriptors } from './attachables/index.ts';
import { grantedEntities } from './granted-ids.ts';
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
        rows.push(...(await entitiesOf(ctx, type).page(window)));
      }
      return rows;
    },
    async count(): Promise<number> {
      let total = 0;
      for (const type of types) total += await entitiesOf(ctx, type).count();
      return total;
    },
    isKey: (key: unknown): key is EntityRef => {
      const { type, id } = (key ?? {}) as Partial<EntityRef>;
      return entityTypes.includes(type as EntityType) && Number.isSafeInteger(id);
    },
  };
}

/** Those of one type. */
function entitiesOf(ctx: Context, type: EntityType): Listing<Entity> {
  const table = entityDescriptors[type].entity;
  if (ctx.viewer.isAdmin) return listing(ctx, table, {});
  return listingOfIds(ctx, table, grantedEntities(ctx, ctx.viewer.userId, type));
}
