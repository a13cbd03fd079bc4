import { type AttachedPlace, anyOf, type PlaceConditions, type SqlCondition } from '../../auth/access-sql.ts';
import type { EntityManager } from '../../database/database.ts';
import { attachables } from './index.ts';

/**
 * The conditions of every type on one row of `attachments`; those that types share stand in it
 * once.
 */
const conditions = [...new Set(Object.values(attachables).map((descriptor) => descriptor.conditions))];

/** On a row `h` of `attachments`: the user, who is not an administrator, sees the place. */
export const placeVisibleTo = (userId: number): SqlCondition =>
  anyOf(...conditions.map((each) => each.visibleTo(userId)));

/**
 * On a row `h` of `attachments` and its file `f`: the user edits the place, or sees it and uploaded
 * the file.
 */
export const draftsVisibleTo = (userId: number): SqlCondition =>
  anyOf(...conditions.map((each) => each.draftsVisibleTo(userId)));

/** The rules of every type; types that share their rules are one. */
export const placeRules: readonly PlaceConditions[] = conditions;

/**
 * Whether a user who is not an administrator sees the place of an attachment, which may be deleted
 * already.
 */
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
