import type { EntityData } from '@mikro-orm/core';
import { changedFields } from '../audit/audit-entry.ts';
import { type Context, contextOf, type RequestContext } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import type { EntityManager } from '../database/database.ts';
import { named, User } from '../database/entities/index.ts';
import { placeholders, type Row, rowsById } from '../database/rows.ts';
import { isUniqueViolation } from '../database/sql.ts';
import { BadUserInputError, ConflictError, ForbiddenError, NotFoundError } from '../errors.ts';
import { inTransaction } from '../events/in-transaction.ts';
import { assertAdministratorRemains, lockAdministrators, userCreated } from './administrator.ts';
import { canChangeUser, canSeeEmail } from './permissions.ts';
import { assertAdminScope, assertWriteScope } from './require-scope.ts';
import type { UserTransaction } from './user-state.ts';

/** The fields of a user; in an update, omitted fields keep their values. */
export interface UserFields {
  displayName?: string | undefined;
  /** The job title. */
  title?: string | undefined;
  avatarUrl?: string | null | undefined;
  profileUrl?: string | null | undefined;
  /** In lower case. */
  email?: string | null | undefined;
  isAdmin?: boolean | undefined;
}

/** The users among `ids` that exist, by id. All users see each other. */
export async function findUsers(request: RequestContext, ids: readonly number[]): Promise<Map<number, Row<User>>> {
  const { em } = contextOf(request);
  const found = await rowsById(em, User, ids);
  return new Map(found.map((user) => [user.id, user]));
}

/** The fields of a new user. */
export interface NewUser extends UserFields {
  displayName: string;
  /** A program, which has no email address; fixed for good. */
  isService?: boolean | undefined;
}

/**
 * Adds a user, for administrators. Throws `ForbiddenError`, `BadUserInputError` for a service
 * account with an email address, and `ConflictError` when another user has the address.
 */
export async function createUser(request: RequestContext, input: NewUser): Promise<User> {
  const ctx = contextOf(request);
  assertAdminScope(ctx.viewer, 'add users');
  return inTransaction(ctx, (tx) => addUser(tx, input));
}

/** Adds a user without checking rights. Throws `BadUserInputError`, `ConflictError` as above. */
export async function addUser({ em, now, audit }: UserTransaction, input: NewUser): Promise<User> {
  const { displayName, title = '', avatarUrl = null, profileUrl = null, email = null } = input;
  const { isAdmin = false, isService = false } = input;
  if (isService && email !== null) throw new BadUserInputError(NO_EMAIL);
  await assertEmailFree(em, email, undefined);
  const profile = { ...named(displayName), title, avatarUrl, profileUrl, email };
  const user = em.create(User, { ...profile, isAdmin, isService, createdAt: now() });
  await em.flush().catch(rethrowEmailConflict(email));
  audit(userCreated(user));
  return user;
}

const NO_EMAIL = 'A service account has no email address: it signs in with API keys alone.';

/**
 * Changes the given fields of a user. Users change their own profile; administrators change every
 * user, also email address and `isAdmin`. Throws `NotFoundError`, `ForbiddenError`,
 * `BadUserInputError` for an email address of a service account, and `ConflictError` for a removed
 * user, when another user has the email address, or when no administrator would be left.
 */
export async function updateUser(request: RequestContext, id: number, change: UserFields): Promise<User> {
  const ctx = contextOf(request);
  return inTransaction(ctx, async (tx) => {
    const { em } = tx;
    if (change.isAdmin !== undefined) await lockAdministrators(em);
    const user = await em.findOne(User, { id });
    if (!user) throw new NotFoundError([`User:${id}`]);
    authorizeUserChange(ctx, id, change);
    if (user.removedAt) throw new ConflictError(`User:${id} was removed, and cannot be changed.`);
    if (user.isService && change.email != null) throw new BadUserInputError(NO_EMAIL);
    if (change.email !== undefined) await assertEmailFree(em, change.email, id);
    if (change.isAdmin === false && user.isAdmin) await assertAdministratorRemains(em, ctx.now(), { userId: id });
    if (change.isAdmin !== undefined) tx.emitAccessChange({ userId: id });
    const { displayName, ...others } = change;
    if (displayName !== undefined) em.assign(user, named(displayName));
    em.assign(user, others as EntityData<User>, { ignoreUndefined: true });
    await em.flush().catch(rethrowEmailConflict(user.email ?? null));
    const isAdmin = change.isAdmin === undefined ? {} : { isAdmin: change.isAdmin };
    const details = { fields: changedFields(change), ...isAdmin };
    tx.audit({ action: 'USER_UPDATED', target: `User:${id}`, details });
    return user;
  });
}

function authorizeUserChange({ viewer }: Context, id: number, change: UserFields): void {
  assertWriteScope(viewer);
  if (!canChangeUser(viewer, id)) throw new ForbiddenError(`Only User:${id} and administrators change this profile.`);
  if (change.email === undefined && change.isAdmin === undefined) return;
  assertAdminScope(viewer, 'change email addresses and appoint administrators');
}

/** Two concurrent requests may set the same address: the unique index rejects the second. */
const rethrowEmailConflict =
  (email: string | null) =>
  (error: unknown): never => {
    throw isUniqueViolation(error)
      ? new ConflictError(`The email address ${email} belongs to another user.`, { cause: error })
      : error;
  };

async function assertEmailFree(em: EntityManager, email: string | null, userId: number | undefined): Promise<void> {
  if (email === null) return;
  const other = await em.findOne(User, { email });
  if (other && other.id !== userId) throw new ConflictError(`The email address ${email} belongs to another user.`);
}

/** The users among `userIds` whose email address the viewer may see, in one statement. */
export async function usersWithKnownEmail(request: RequestContext, userIds: readonly number[]): Promise<Set<number>> {
  const { em, viewer } = contextOf(request);
  const ids = [...new Set(userIds)];
  const projectMates = viewer.isAdmin ? new Set<number>() : await usersWithSharedProject(em, viewer.userId, ids);
  return new Set(ids.filter((id) => canSeeEmail(viewer, id, projectMates.has(id))));
}

async function usersWithSharedProject(em: EntityManager, userId: number, ids: readonly number[]): Promise<Set<number>> {
  const rows = await inChunks(ids, (some) =>
    em.execute<{ user_id: number }[]>(
      `select distinct user_id from project_members
       where user_id in (${placeholders(some)})
       and project_id in (select project_id from project_members where user_id = ?)`,
      [...some, userId],
    ),
  );
  return new Set(rows.map((row) => row.user_id));
}

/** The users among `userIds` as whom tokens of an identity provider sign in, in one statement. */
export async function usersWithIdentity(request: RequestContext, userIds: readonly number[]): Promise<Set<number>> {
  const { em } = contextOf(request);
  const rows = await inChunks([...new Set(userIds)], (some) =>
    em.execute<{ user_id: number }[]>(
      `select distinct user_id from user_identities where user_id in (${placeholders(some)})`,
      some,
    ),
  );
  return new Set(rows.map(({ user_id }) => Number(user_id)));
}
