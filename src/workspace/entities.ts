import type { EntityClass, FilterQuery } from '@mikro-orm/core';
import { canWrite } from '../auth/permissions.ts';
import type { Context } from '../context.ts';
import { Case, Contact, EntityAccess, type EntityType, entityTypes, Opportunity } from '../database/entities/index.ts';
import { pageById } from '../database/page.ts';
import { Forbidden } from '../errors.ts';
import type { Entity } from './attachable.ts';
import { authorship, save } from './listing.ts';

export async function createContact(
  ctx: Context,
  input: { displayName: string; isCompany: boolean },
): Promise<Contact> {
  mustWrite(ctx);
  return save(ctx, ctx.em.create(Contact, { ...input, ...authorship(ctx) }));
}

export async function createOpportunity(ctx: Context, input: { title: string }): Promise<Opportunity> {
  mustWrite(ctx);
  return save(ctx, ctx.em.create(Opportunity, { ...input, ...authorship(ctx) }));
}

export async function createCase(ctx: Context, input: { title: string }): Promise<Case> {
  mustWrite(ctx);
  return save(ctx, ctx.em.create(Case, { ...input, ...authorship(ctx) }));
}

function mustWrite(ctx: Context): void {
  if (!canWrite(ctx.viewer)) throw new Forbidden('This API key may only read. Use one with the scope WRITE.');
}

const tables: Record<EntityType, EntityClass<Entity>> = { Contact, Opportunity, Case };

export interface EntityPageRequest {
  limit: number;
  after?: { type: EntityType; id: number } | undefined;
  before?: { type: EntityType; id: number } | undefined;
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
        rows.push(...(await pageById(ctx.em, tables[type], await visible(ctx, type), window)));
      }
      return rows;
    },
    async count(): Promise<number> {
      let total = 0;
      for (const type of types) total += await ctx.em.count(tables[type], await visible(ctx, type));
      return total;
    },
  };
}

/** `canSeeEntity` of auth/permissions.ts, as a condition on the table. */
async function visible(ctx: Context, type: EntityType): Promise<FilterQuery<Entity>> {
  if (ctx.viewer.isAdmin) return {};
  const listed = await ctx.em.find(EntityAccess, { user: ctx.viewer.userId, entityType: type });
  const isShared = type === 'Contact' ? { isPrivate: false, shareType: { $ne: 'NONE' as const } } : { isPrivate: false };
  return {
    $or: [{ createdBy: ctx.viewer.userId }, { id: { $in: listed.map((row) => row.entityId) } }, isShared],
  } as FilterQuery<Entity>;
}
