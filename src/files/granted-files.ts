import { compose, joined, type PlaceConditions, type SqlCondition } from '../auth/access-sql.ts';
import type { EntityManager } from '../database/database.ts';
import { lateral } from '../database/sql.ts';
import { draftsVisibleTo, placeRules, placeVisibleTo } from '../workspace/attachables/places.ts';
import { allOf, anyOf, condition } from './conditions.ts';
import type { KeyRange } from './keyset-pagination.ts';

/**
 * The files that a user who is not an administrator may see, read from what makes them visible, so
 * that the cost follows what the user may see and not what the store holds. These are all of the
 * rules of `canSeeFile` in auth/permissions.ts; `test/auth/access-parity.test.ts` compares them.
 *
 * - Places that were opened to the user: projects of a member, entities of their creator and of the
 *   users on their access lists.
 * - Places that every user sees, in one index: there may be as many of them as entities.
 * - Files without a primary attachment, which belong to their uploader.
 *
 * `filters` are conditions on files `f`.
 */
interface GrantedFiles {
  userId: number;
  filters: readonly SqlCondition[];
}

/**
 * Selects the ids of more files than the page has, among them all of the page:
 *
 * 1. The first file of each place.
 * 2. Of the places whose first file is among the first ones of all, a page each. No other place has
 *    a file in the page.
 * 3. A page of what everybody sees, and one of the user's own.
 *
 * Each is read from an index in the order of the page.
 */
export function grantedPage(
  em: EntityManager,
  granted: GrantedFiles,
  { column, bounds, orderAndLimit }: KeyRange,
): SqlCondition {
  const { userId, filters } = granted;
  const attached = [`h.${column}`, 'h.file_id'] as const;
  const unattached = [`f.${column}`, 'f.id'] as const;
  const pageOf = (where: SqlCondition) =>
    compose`select distinct h.${column}, h.file_id as value from attachments h
      where ${allOf(where, ...bounds(...attached))} ${orderAndLimit(...attached)}`;

  const opened = placeRules.map((rules, index) => ({ heads: `heads_${index}`, rules, at: visibleAt(granted, rules) }));
  const heads = opened.map(
    ({ heads, rules, at }) => compose`ids_of_${heads} as materialized (
      select s.id, (select h.file_id from attachments h
        where ${allOf(at, ...bounds(...attached))} ${orderAndLimit(...attached, 1)}) as head
      from (${rules.granted.of(userId)}) s
    ), ${heads} as materialized (
      select s.id, s.head, (select f.${column} from files f where f.id = s.head) as value
      from ids_of_${heads} s where s.head is not null
    )`,
  );
  const pages = opened.map(
    ({ heads, at }) => compose`select p.value from ${heads} s ${forEach(em, pageOf(at))}
      where s.head in (select d.head from (
        select distinct value, head from ${heads} ${orderAndLimit('value', 'head')}) d)`,
  );
  const everybodys = compose`select p.value from (${pageOf(visibleToAll(granted))}) p`;
  const own = compose`select p.value from (select f.id as value from files f
    where ${allOf(isOwn(userId), ...filters, ...bounds(...unattached))} ${orderAndLimit(...unattached)}) p`;
  return compose`with ${joined(', ', heads)} ${joined(' union all ', [...pages, everybodys, own])}`;
}

/** Selects the id of each file once. */
export function allGranted(em: EntityManager, granted: GrantedFiles): SqlCondition {
  const { userId, filters } = granted;
  const idsOf = (where: SqlCondition) => compose`select h.file_id as value from attachments h where ${where}`;
  const opened = placeRules.map(
    (rules) =>
      compose`select p.value from (${rules.granted.of(userId)}) s ${forEach(em, idsOf(visibleAt(granted, rules)))}`,
  );
  // The order has SQLite read the index of these files, instead of all files of the uploader.
  const own = compose`select p.value from (select f.id as value from files f
    where ${allOf(isOwn(userId), ...filters)} order by f.created_at, f.id limit ${`${Number.MAX_SAFE_INTEGER}`}) p`;
  const all = joined(' union all ', [...opened, idsOf(visibleToAll(granted)), own]);
  return compose`select distinct p.value from (${all}) p`;
}

const forEach = (em: EntityManager, { sql, params }: SqlCondition) => condition(lateral(em, sql, 'p'), ...params);

/** Attachments `h` at the place `s` of the user, of files that the user sees. */
function visibleAt({ userId, filters }: GrantedFiles, { granted, draftsVisibleTo }: PlaceConditions): SqlCondition {
  return allOf(condition(granted.at('s.id')), visibleThrough(draftsVisibleTo(userId)), ...passing(filters));
}

/**
 * Attachments `h` at places that everybody sees, of files that the user sees. The column finds
 * them, and the rule decides; `coalesce` keeps the databases from using the indexes of the rule.
 */
function visibleToAll({ userId, filters }: GrantedFiles): SqlCondition {
  const isVisible = compose`coalesce(${placeVisibleTo(userId)}, false)`;
  const rules = [isVisible, visibleThrough(draftsVisibleTo(userId)), ...passing(filters)];
  return allOf(condition('h.is_public = true'), ...rules);
}

/** A file that is not available is seen at its primary place, or by its uploader if it has none. */
const visibleThrough = (drafts: SqlCondition): SqlCondition =>
  anyOf(condition('h.available = true'), compose`h.is_primary = true and ${ofFile(drafts)}`);

const passing = (filters: readonly SqlCondition[]) => (filters.length > 0 ? [ofFile(allOf(...filters))] : []);

/** `limit 1 offset 0` keeps PostgreSQL from joining all files. */
const ofFile = (where: SqlCondition): SqlCondition =>
  compose`exists (select 1 from files f where f.id = h.file_id and (${where}) limit 1 offset 0)`;

/** The index of these files has the same conditions. */
const isOwn = (userId: number): SqlCondition =>
  condition('f.created_by_id = ? and f.has_primary = false and f.is_newest = true', userId);
