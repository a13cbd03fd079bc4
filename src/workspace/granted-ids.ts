import { allOf, compose, condition, inProject, joined, type SqlCondition } from '../auth/access-sql.ts';
import type { EntityType } from '../database/entities/index.ts';
import type { PageRequest } from '../database/page.ts';
import { type ListContext, type RunStatement, readPage, scan } from '../database/scans.ts';
import { containing, lateral } from '../database/sql.ts';
import { entityDescriptors } from './attachables/index.ts';

/**
 * The ids of what a user who is not an administrator may see, page by page and counted, read from
 * what makes it visible: the memberships of the user, access lists, and an index of what everybody
 * sees. The cost follows what the user may see, and not what the store holds.
 */
export interface GrantedIds {
  page(request: PageRequest): Promise<number[]>;
  count(): Promise<number>;
}

/** That the title of a row `t` contains a text, ignoring case; no condition without a text. */
export function titleConditions(text: string | undefined): SqlCondition[] {
  if (!text) return [];
  const { sql, params } = containing('t.title_key', text);
  return [condition(sql, ...params)];
}

/** Projects `t` of which the user is a member, and that fulfil all conditions. */
export function grantedProjects(
  ctx: ListContext,
  userId: number,
  conditions: readonly SqlCondition[] = [],
): GrantedIds {
  if (conditions.length > 0) {
    const isMember = condition('t.id in (select m.project_id from project_members m where m.user_id = ?)', userId);
    return matching(ctx, 'projects', [isMember, ...conditions]);
  }
  const projects = condition('project_members m where m.user_id = ?', userId);
  return {
    page: (request) =>
      ids(readPage, ctx, compose`select m.project_id as id from ${projects} ${window('m.project_id', request)}`),
    count: () => number(ctx, compose`select count(*) as id from ${projects}`),
  };
}

/**
 * Tasks `t` of the user's projects that fulfil all conditions: of the projects whose first task is
 * among the first ones of all, a page each. No other project has a task in the page.
 */
export function grantedTasks(
  ctx: ListContext,
  userId: number,
  conditions: readonly SqlCondition[],
  run: RunStatement,
): GrantedIds {
  const projects = inProject.granted.of(userId);
  const inside = allOf(condition('t.project_id = s.id'), ...conditions);
  return {
    page(request) {
      const pageOf = (limit: number) =>
        compose`select t.id as value from tasks t where ${inside} ${window('t.id', { ...request, limit })}`;
      const { sql, params } = pageOf(request.limit);
      const order = orderOf(request);
      return ids(
        run,
        ctx,
        compose`with heads as materialized (select s.id, (${pageOf(1)}) as head from (${projects}) s)
          select p.value as id from heads s ${condition(lateral(ctx.em, sql, 'p'), ...params)}
          where s.head in (select d.head from heads d where d.head is not null ${order('d.head')})
          ${order('p.value')}`,
      );
    },
    count: () =>
      number(
        ctx,
        compose`select coalesce(sum(c.number), 0) as id from
          (select (select count(*) from tasks t where ${inside}) as number from (${projects}) s) c`,
      ),
  };
}

/** Rows `t` of a table that fulfil all conditions. */
export function matching(ctx: ListContext, table: string, conditions: readonly SqlCondition[]): GrantedIds {
  const rows = compose`${table} t where ${allOf(...conditions)}`;
  return {
    page: (request) => ids(scan, ctx, compose`select t.id from ${rows} ${window('t.id', request)}`),
    count: () => number(ctx, compose`select count(*) as id from ${rows}`),
  };
}

/**
 * Entities `t` of one type that fulfil all conditions: a page of those that the user was granted,
 * and one of those that everybody sees.
 */
export function grantedEntities(
  ctx: ListContext,
  userId: number,
  type: EntityType,
  conditions: readonly SqlCondition[] = [],
): GrantedIds {
  const { table, grantedTo, rowIsPublic } = entityDescriptors[type];
  const granted = compose`(select distinct g.id from (${grantedTo(userId)}) g) g`;
  // In this order of the tables, SQLite begins with what was granted.
  const grantedRows = compose`${granted} cross join ${table} t where t.id = g.id`;
  const run = conditions.length > 0 ? scan : readPage;
  const further = joined(
    '',
    conditions.map((one) => compose` and (${one})`),
  );
  return {
    page(request) {
      const pageOf = (column: string, rows: SqlCondition) =>
        compose`select p.id from (select ${column} ${rows} ${further} ${window(column, request)}) p`;
      const pages = [
        conditions.length > 0
          ? pageOf('t.id', compose`from ${grantedRows}`)
          : pageOf('g.id', compose`from ${granted} where true`),
        pageOf('t.id', condition(`from ${table} t where ${rowIsPublic('t')}`)),
      ];
      return ids(
        run,
        ctx,
        compose`select distinct p.id from (${joined(' union all ', pages)}) p ${orderOf(request)('p.id')}`,
      );
    },
    count: () =>
      number(
        ctx,
        compose`select (select count(*) from ${table} t where ${rowIsPublic('t')} ${further}) +
          (select count(*) from ${grantedRows} and not (${rowIsPublic('t')}) ${further}) as id`,
      ),
  };
}

/** The bounds of a page as further conditions, its order and its limit. */
function window(column: string, request: PageRequest): SqlCondition {
  const { after, before } = request;
  const bounds = [
    ...(after === undefined ? [] : [condition(` and ${column} > ?`, after)]),
    ...(before === undefined ? [] : [condition(` and ${column} < ?`, before)]),
  ];
  return compose`${joined('', bounds)} ${orderOf(request)(column)}`;
}

/** The limit is written as a number: SQLite prepares a statement again when its limit is bound. */
const orderOf =
  ({ inverted, limit }: PageRequest) =>
  (column: string): string =>
    `order by ${column} ${inverted ? 'desc' : 'asc'} limit ${Math.trunc(limit)}`;

const ids = async (run: RunStatement, ctx: ListContext, { sql, params }: SqlCondition): Promise<number[]> =>
  (await run<{ id: number }>(ctx, sql, params)).map(({ id }) => Number(id));

const number = async (ctx: ListContext, query: SqlCondition): Promise<number> =>
  (await ids(scan, ctx, query))[0] as number;
