import type { EntityName, FilterQuery, FindOptions } from '@mikro-orm/core';
import type { ListContext } from './scans.ts';

/**
 * A page of a list in the order of ids. `after` and `before` are ids, both excluded; `inverted`
 * reads from the end.
 */
export interface PageRequest {
  limit: number;
  after?: number | undefined;
  before?: number | undefined;
  inverted?: boolean | undefined;
}

/** Reads one page by key: its cost does not depend on how far into the list it lies. */
export async function pageById<Row extends { id: number }>(
  { em, budget }: ListContext,
  entity: EntityName<Row>,
  where: FilterQuery<Row>,
  { limit, after, before, inverted }: PageRequest,
  options: Pick<FindOptions<Row, never>, 'populate'> = {},
): Promise<Row[]> {
  const window = {
    ...(after === undefined ? {} : { $gt: after }),
    ...(before === undefined ? {} : { $lt: before }),
  };
  const bounded = after === undefined && before === undefined ? where : { $and: [where, { id: window }] };
  return budget.query(() =>
    em.find(entity, bounded as FilterQuery<Row>, {
      ...options,
      limit,
      orderBy: { id: inverted ? 'desc' : 'asc' } as never,
    }),
  );
}
