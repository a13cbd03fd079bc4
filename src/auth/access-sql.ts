import type { Attachment } from '../database/entities/index.ts';
import type { EntityManager } from '../database/open.ts';
import type { Row } from '../database/rows.ts';

/**
 * What `permissions.ts` says of the places that files are attached to, as conditions in SQL, for lists that read only
 * what the viewer may see. A test compares the two. They are for viewers who are no administrators; those see everything.
 */

/** A condition in SQL, and the values of its question marks. */
export interface SqlCondition {
  sql: string;
  params: readonly unknown[];
}

/**
 * On places `h`, which have the columns `project_id`, `on_type` and `on_id` of attachments: the user may see the place.
 * `canSeeProject` and `canSeeEntity`.
 */
export function placeVisibleTo(userId: number): SqlCondition {
  const inPublic = 'e.is_private = false';
  return places(userId, {
    project: on('true'),
    contact: on(`l.access is not null or (${inPublic} and e.share_type <> 'NONE')`),
    other: on(`l.access is not null or ${inPublic}`),
  });
}

/**
 * The same: the user edits the place, or sees it and uploaded the file `f`. Where the place is the home of the file,
 * these are the users who see the file before it is available. `isEditorOfProject`, `isEditorOfEntity`, `canSeeFile`.
 */
export function draftsVisibleTo(userId: number): SqlCondition {
  const isOwn = on('f.created_by_id = ?', userId);
  const inPublic = 'e.is_private = false';
  return places(userId, {
    project: or(on("m.role <> 'VIEWER'"), isOwn),
    contact: or(
      on(`l.access = 'READ_WRITE' or (${inPublic} and e.share_type = 'READ_WRITE')`),
      and(on(`(l.access is not null or (${inPublic} and e.share_type <> 'NONE'))`), isOwn),
    ),
    other: or(on(`l.access = 'READ_WRITE' or ${inPublic}`), and(on('l.access is not null'), isOwn)),
  });
}

/** The place of an attachment. */
export type AttachedPlace = Pick<Row<Attachment>, 'projectId' | 'onType' | 'onId'>;

/** Whether a user who is no administrator sees the place of an attachment, which may be gone already. */
export async function canUserSeePlace(em: EntityManager, userId: number, place: AttachedPlace): Promise<boolean> {
  const { sql, params } = placeVisibleTo(userId);
  const rows: object[] = await em.execute(
    `select h.on_id from (
       select cast(? as integer) as project_id, cast(? as varchar(20)) as on_type, cast(? as integer) as on_id
     ) h where ${sql}`,
    [place.projectId ?? null, place.onType, place.onId, ...params],
  );
  return rows.length > 0;
}

const on = (sql: string, ...params: readonly unknown[]): SqlCondition => ({ sql, params });
const join = (word: string, some: readonly SqlCondition[]) =>
  on(some.map(({ sql }) => sql).join(` ${word} `), ...some.flatMap(({ params }) => params));
const and = (...some: readonly SqlCondition[]) => join('and', some);
const or = (...some: readonly SqlCondition[]) => join('or', some);

/**
 * The place is in a project whose membership `m` of the user fulfils `project`; or it is an entity `e` that the user
 * created, or that fulfils, with the user's entry `l` of its access list, `contact` or `other`.
 */
function places(userId: number, is: { project: SqlCondition; contact: SqlCondition; other: SqlCondition }) {
  const entity = (type: string, table: string, { sql, params }: SqlCondition) =>
    on(
      `(h.on_type = '${type}' and exists (
        select 1 from ${table} e
        left join entity_access l on l.entity_type = '${type}' and l.entity_id = e.id and l.user_id = ?
        where e.id = h.on_id and (e.created_by_id = ? or ${sql})))`,
      ...[userId, userId, ...params],
    );
  return or(
    on(
      `h.project_id in (select m.project_id from project_members m where m.user_id = ? and (${is.project.sql}))`,
      ...[userId, ...is.project.params],
    ),
    entity('Contact', 'contacts', is.contact),
    entity('Opportunity', 'opportunities', is.other),
    entity('Case', 'cases', is.other),
  );
}
