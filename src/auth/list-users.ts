import { contextOf, type RequestContext } from '../context.ts';
import type { EntityManager } from '../database/database.ts';
import { User } from '../database/entities/index.ts';
import type { PageRequest } from '../database/page.ts';
import { type Row, reader } from '../database/rows.ts';
import { countBy, readPage, scan, scanNow } from '../database/scans.ts';
import { containing } from '../database/sql.ts';
import { allOf, anyOf, condition, type SqlCondition } from './access-sql.ts';
import { canAdminister } from './permissions.ts';

/** Which users a list has; omitted conditions select all. */
export interface UserFilter {
  /** A part of the name or, for those who may see every address, of the email address. */
  search?: string | undefined;
  isAdmin?: boolean | undefined;
  isDisabled?: boolean | undefined;
  isService?: boolean | undefined;
}

/** The users that were not removed, oldest first. All users see each other. */
export function listUsers(request: RequestContext, filter: UserFilter = {}) {
  const ctx = contextOf(request);
  const where = whereOf(filter, canAdminister(ctx.viewer));
  // Without a filter, a page is read along the index of listed users.
  const run = where.isFiltered ? scan : readPage;
  return {
    page: async (page: PageRequest): Promise<Row<User>[]> => {
      const { sql, params, rowIn } = pageStatement(ctx.em, where.condition, page);
      return (await run(ctx, sql, params)).map(rowIn);
    },
    count: () => countBy(scan, ctx, `users t where ${where.condition.sql}`, where.condition.params),
  };
}

/** Users of one page of `eachUser`. */
const PAGE = 500;

/**
 * The same for the operator, who may see every address, one after the other: memory is constant
 * however many there are.
 */
export async function* eachUser(em: EntityManager, filter: UserFilter = {}): AsyncGenerator<Row<User>> {
  const where = whereOf(filter, true);
  for (let after = 0; ; ) {
    const { sql, params, rowIn } = pageStatement(em, where.condition, { limit: PAGE, after });
    const users = (await scanNow(em, sql, params)).map(rowIn);
    yield* users;
    const last = users.at(-1);
    if (!last || users.length < PAGE) return;
    after = last.id;
  }
}

function whereOf({ search, isAdmin, isDisabled, isService }: UserFilter, seesEmails: boolean) {
  const conditions: SqlCondition[] = [];
  if (search !== undefined) {
    const columns = seesEmails ? ['t.name_key', 't.email'] : ['t.name_key'];
    conditions.push(
      anyOf(
        ...columns.map((column) => {
          const { sql, params } = containing(column, search);
          return condition(sql, ...params);
        }),
      ),
    );
  }
  if (isAdmin !== undefined) conditions.push(condition('t.is_admin = ?', isAdmin));
  if (isService !== undefined) conditions.push(condition('t.is_service = ?', isService));
  if (isDisabled !== undefined) conditions.push(condition(`t.disabled_at is ${isDisabled ? 'not null' : 'null'}`));
  return {
    isFiltered: conditions.length > 0,
    condition: allOf(condition('t.removed_at is null'), ...conditions),
  };
}

function pageStatement(em: EntityManager, where: SqlCondition, { limit, after, before, inverted }: PageRequest) {
  const { columns, rowIn } = reader(em, User, 't');
  const bounds = [
    ...(after === undefined ? [] : [condition('t.id > ?', after)]),
    ...(before === undefined ? [] : [condition('t.id < ?', before)]),
  ];
  const { sql, params } = allOf(where, ...bounds);
  const direction = inverted ? 'desc' : 'asc';
  return {
    sql: `select ${columns} from users t where ${sql} order by t.id ${direction} limit ?`,
    params: [...params, limit],
    rowIn,
  };
}
