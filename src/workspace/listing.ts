import type { EntityClass, FilterQuery } from '@mikro-orm/core';
import { type Context, contextOf, type RequestContext } from '../context.ts';
import { User } from '../database/entities/index.ts';
import { type PageRequest, pageById } from '../database/page.ts';
import { scanCountOf } from '../database/scans.ts';
import type { GrantedIds } from './granted-ids.ts';

/** A list that is read page by page, and counted only on request. */
export interface Listing<Row> {
  page(request: PageRequest): Promise<Row[]>;
  count(): Promise<number>;
}

/**
 * The rows of a table, oldest first. The caller limits them in `where` to those that the viewer may
 * see, by columns of which an index has the ids in order.
 */
export function listing<Row extends { id: number }>(
  request: RequestContext,
  table: EntityClass<Row>,
  where: FilterQuery<Row>,
): Listing<Row> {
  const ctx = contextOf(request);
  return {
    page: (request) => pageById(ctx, table, where, request),
    count: () => scanCountOf(ctx, table, where),
  };
}

/** The rows of a table with the ids of a list, in its order. */
export function listingOfIds<Row extends { id: number }>(
  request: RequestContext,
  table: EntityClass<Row>,
  ids: GrantedIds,
): Listing<Row> {
  const ctx = contextOf(request);
  return {
    async page(page) {
      const found = await ids.page(page);
      return found.length === 0
        ? []
        : pageById(ctx, table, { id: { $in: found } } as unknown as FilterQuery<Row>, page);
    },
    count: ids.count,
  };
}

/** The columns of who created a row, and when. */
export const authorship = (ctx: Context) => ({
  createdBy: ctx.em.getReference(User, ctx.viewer.userId),
  createdAt: ctx.now(),
});
