import { type Context, contextOf, type RequestContext } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { type AccessLevel, EntityAccess, type EntityRef, User } from '../database/entities/index.ts';
import { rowsById } from '../database/rows.ts';
import { BadUserInputError, NotFoundError } from '../errors.ts';
import { type Topic, topicOf } from '../events/topic.ts';

/** The access of one user to an entity, in addition to the access of everybody. */
export interface AccessEntry {
  userId: number;
  access: AccessLevel;
}

/** How many users one access list names. */
const MAX_ENTRIES = 1000;

/**
 * Throws `BadUserInputError` for a list that names a user twice, `NotFoundError` with every user
 * that does not exist or was removed.
 */
export async function checkAccess(ctx: Context, list: readonly AccessEntry[]): Promise<void> {
  if (list.length > MAX_ENTRIES) throw new BadUserInputError(`An access list names at most ${MAX_ENTRIES} users.`);
  const ids = new Set<number>();
  for (const { userId } of list) {
    if (ids.has(userId)) throw new BadUserInputError(`User:${userId} is on the access list twice.`);
    ids.add(userId);
  }
  const users = await rowsById(ctx.em, User, [...ids]);
  const known = new Set(users.filter((user) => user.removedAt === null).map((user) => user.id));
  const missing = [...ids].filter((id) => !known.has(id));
  if (missing.length > 0) throw new NotFoundError(missing.map((id) => `User:${id}`));
}

/** Replaces the access list of an entity. Call `checkAccess` before; flush afterwards. */
export async function replaceAccess(ctx: Context, entity: EntityRef, list: readonly AccessEntry[]): Promise<void> {
  const place = { entityType: entity.type, entityId: entity.id };
  const wanted = new Map(list.map(({ userId, access }) => [userId, access]));
  for (const row of await ctx.em.find(EntityAccess, place)) {
    const access = wanted.get(row.user.id);
    wanted.delete(row.user.id);
    if (access) row.access = access;
    else ctx.em.remove(row);
  }
  for (const [userId, access] of wanted) {
    ctx.em.create(EntityAccess, { ...place, user: ctx.em.getReference(User, userId), access });
  }
}

/**
 * The access lists of entities that the viewer may see, by topic, each in the order of the users'
 * ids.
 */
export async function accessLists(
  request: RequestContext,
  refs: readonly EntityRef[],
): Promise<Map<Topic, EntityAccess[]>> {
  const ctx = contextOf(request);
  if (refs.length === 0) return new Map();
  const rows: EntityAccess[] = [];
  for (const [entityType, some] of Map.groupBy(refs, (ref) => ref.type)) {
    const ids = some.map((ref) => ref.id);
    const found = await inChunks(ids, (part) =>
      ctx.em.find(EntityAccess, { entityType, entityId: { $in: part } }, { orderBy: { user: 'asc' } }),
    );
    for (const row of found) rows.push(row);
  }
  return Map.groupBy(rows, (row) => topicOf({ type: row.entityType, id: row.entityId }));
}
