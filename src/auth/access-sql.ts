import type { Attachment } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';

/**
 * The rules of `permissions.ts` on projects and entities, as conditions in SQL, for lists that read
 * only what the viewer may see. `test/auth/access-parity.test.ts` compares the two, state by
 * state. The conditions are for viewers who are not administrators: those see everything.
 */

/** A condition in SQL, and the values of its placeholders. */
export interface SqlCondition {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** The place of an attachment. */
export type AttachedPlace = Pick<Row<Attachment>, 'projectId' | 'onType' | 'onId'>;

/**
 * Who sees an attachable that files are attached to: conditions on a row `h` of `attachments`, or
 * of its three columns.
 */
export interface PlaceConditions {
  /** The user sees the attachable. */
  visibleTo(userId: number): SqlCondition;
  /**
   * The user edits the attachable, or sees it and uploaded the file `f`. Where `h` is the primary
   * attachment of the file, these are the users who see the file before it is available.
   */
  draftsVisibleTo(userId: number): SqlCondition;
  /** The places that were opened to single users, and so to few. */
  readonly granted: GrantedPlaces;
}

/**
 * Places that were opened to single users: as members, on an access list, as creators. A list of
 * what a user sees reads from each of them, so that its cost follows what the user may see.
 */
export interface GrantedPlaces {
  /** Selects the `id` of each place of the user. */
  of(userId: number): SqlCondition;
  /** That a row `h` of `attachments` is at the place of this id. */
  at(id: string): string;
}

export const condition = (sql: string, ...params: readonly unknown[]): SqlCondition => ({ sql, params });
export const allOf = (...some: readonly SqlCondition[]): SqlCondition => join('and', some);
export const anyOf = (...some: readonly SqlCondition[]): SqlCondition => join('or', some);

const join = (operator: 'and' | 'or', some: readonly SqlCondition[]) =>
  condition(`(${some.map(({ sql }) => sql).join(` ${operator} `)})`, ...some.flatMap(({ params }) => params));

/** A text with conditions and queries in it, and their values in its order. */
export function compose(texts: TemplateStringsArray, ...parts: readonly (string | SqlCondition)[]): SqlCondition {
  const conditions = parts.map((part) => (typeof part === 'string' ? condition(part) : part));
  const sql = texts.map((text, index) => text + (conditions[index]?.sql ?? '')).join('');
  return condition(sql, ...conditions.flatMap(({ params }) => params));
}

/** The queries one after the other, as in a list of `with`, or a `union`. */
export const joined = (separator: string, queries: readonly SqlCondition[]): SqlCondition =>
  condition(queries.map(({ sql }) => sql).join(separator), ...queries.flatMap(({ params }) => params));

const isUploader = (userId: number) => condition('f.created_by_id = ?', userId);

/** `canSeeProject` and `isEditorOfProject`, of projects and everything in them. */
export const inProject: PlaceConditions = {
  visibleTo: (userId) => isMember(condition('m.user_id = ?', userId)),
  draftsVisibleTo: (userId) =>
    isMember(allOf(condition('m.user_id = ?', userId), anyOf(condition("m.role <> 'VIEWER'"), isUploader(userId)))),
  granted: {
    of: (userId) => condition('select m.project_id as id from project_members m where m.user_id = ?', userId),
    at: (id) => `h.project_id = ${id}`,
  },
};

const isMember = ({ sql, params }: SqlCondition) =>
  condition(`h.project_id in (select m.project_id from project_members m where ${sql})`, ...params);

/** The table of a type of entities. */
export interface EntityTable {
  /** As `entity_access` and `attachments` name the type. */
  type: string;
  table: string;
  /** Where a row `e` has its share type: a column, or a constant for types without one. */
  shareType(e: string): string;
}

/** `canSeeEntity`, of a row `e` of the table. */
const entityVisibleTo = (entity: EntityTable, e: string, userId: number): SqlCondition =>
  anyOf(
    condition(`${e}.created_by_id = ?`, userId),
    condition(entityIsPublic(entity, e)),
    isListed(entity, e, userId, ''),
  );

/** `isPublicEntity`, of a row `e` of the table. */
export const entityIsPublic = (entity: EntityTable, e: string): string =>
  `${e}.is_private = false and ${entity.shareType(e)} <> 'NONE'`;

/**
 * Selects the `id` of each entity of the table that the user created, or is on the list of; of some
 * twice.
 */
export const entitiesGrantedTo = ({ type, table }: EntityTable, userId: number): SqlCondition =>
  condition(
    `select e.id from ${table} e where e.created_by_id = ?
     union all select l.entity_id from entity_access l where l.user_id = ? and l.entity_type = '${type}'`,
    userId,
    userId,
  );

/** `isEditorOfEntity`, of a row `e` of the table. */
const entityEditedBy = (entity: EntityTable, e: string, userId: number): SqlCondition =>
  anyOf(
    condition(`${e}.created_by_id = ?`, userId),
    condition(`${e}.is_private = false and ${entity.shareType(e)} = 'READ_WRITE'`),
    isListed(entity, e, userId, "and l.access = 'READ_WRITE'"),
  );

const isListed = ({ type }: EntityTable, e: string, userId: number, further: string) =>
  condition(
    `exists (select 1 from entity_access l
      where l.entity_type = '${type}' and l.entity_id = ${e}.id and l.user_id = ? ${further})`,
    userId,
  );

/** The same rules, of places that are entities of the table. */
export function onEntity(entity: EntityTable): PlaceConditions {
  const isOne = ({ sql, params }: SqlCondition) =>
    condition(
      `(h.on_type = '${entity.type}' and exists (select 1 from ${entity.table} e where e.id = h.on_id and ${sql}))`,
      ...params,
    );
  return {
    visibleTo: (userId) => isOne(entityVisibleTo(entity, 'e', userId)),
    draftsVisibleTo: (userId) =>
      isOne(
        anyOf(entityEditedBy(entity, 'e', userId), allOf(entityVisibleTo(entity, 'e', userId), isUploader(userId))),
      ),
    granted: {
      of: (userId) => entitiesGrantedTo(entity, userId),
      at: (id) => `h.on_type = '${entity.type}' and h.on_id = ${id}`,
    },
  };
}
