import type { AuditEntry } from '../audit/audit-entry.ts';
import { contextOf, type RequestContext } from '../context.ts';
import type { EntityManager } from '../database/database.ts';
import { named, User, UserIdentity } from '../database/entities/index.ts';
import { forUpdate } from '../database/sql.ts';
import { ConflictError, NotFoundError } from '../errors.ts';
import { inTransaction } from '../events/in-transaction.ts';
import type { AccessChange } from '../events/log-writer.ts';
import { assertAdministratorRemains, lockAdministrators } from './administrator.ts';
import { erasedSubject, isErasedSubject } from './jwt/erased-subject.ts';
import { NOTHING_COPIED } from './jwt/sync-identity.ts';
import { assertAdminScope } from './require-scope.ts';

/** The transaction in which a user changes: that of a request, or of a command of the operator. */
export interface UserTransaction {
  em: EntityManager;
  now(): Date;
  /** See `TransactionContext`. */
  emitAccessChange(change: AccessChange): void;
  audit(entry: AuditEntry): void;
}

/** What replaces the name of an erased user. */
const ERASED_NAME = 'Removed user';

/**
 * Disables a user, or enables one again, for administrators. Credentials, subscriptions and sockets
 * of a disabled user end at once, on every server; everything else stays as it is. Throws
 * `ForbiddenError`, `NotFoundError`, and `ConflictError` for the last administrator with a working
 * key and for a removed user.
 */
export function setDisabled(request: RequestContext, id: number, isDisabled: boolean): Promise<User> {
  const ctx = contextOf(request);
  assertAdminScope(ctx.viewer, 'disable and enable users');
  return inTransaction(ctx, (tx) => setDisabledIn(tx, id, isDisabled), { onFullDisk: true });
}

/** The same without authorization, in the caller's transaction. */
export async function setDisabledIn(tx: UserTransaction, id: number, isDisabled: boolean): Promise<User> {
  const user = await lockUser(tx, id);
  if (user.removedAt) throw new ConflictError(`User:${id} was removed, and stays so. Add another user.`);
  if (isDisabled === (user.disabledAt != null)) return user;
  if (isDisabled) await assertAdministratorRemains(tx.em, tx.now(), { userId: id });
  user.disabledAt = isDisabled ? tx.now() : null;
  tx.emitAccessChange({ userId: id });
  tx.audit({ action: isDisabled ? 'USER_DISABLED' : 'USER_ENABLED', target: `User:${id}` });
  return user;
}

/**
 * Removes a user, for administrators: the user cannot sign in any more, is on no project and no
 * access list, and has no working key and no email address. The row stays as the author of what the
 * user added. With `erase`, it has no personal data left; a user who was removed before is erased
 * by a second call. Throws `ForbiddenError`, `NotFoundError`, and `ConflictError` for the last
 * administrator with a working key.
 */
export function removeUser(request: RequestContext, id: number, { erase = false } = {}): Promise<User> {
  const ctx = contextOf(request);
  assertAdminScope(ctx.viewer, 'remove users');
  return inTransaction(ctx, (tx) => removeUserIn(tx, id, { erase }), { onFullDisk: true });
}

/** The same without authorization, in the caller's transaction. */
export async function removeUserIn(tx: UserTransaction, id: number, { erase = false } = {}): Promise<User> {
  const user = await lockUser(tx, id);
  if (!user.removedAt) await remove(tx, user);
  if (erase) await eraseProfile(tx, user);
  return user;
}

/**
 * Locks the user against other changes, and administrators before it: of two who disable each other
 * at once, one remains.
 */
async function lockUser({ em }: UserTransaction, id: number): Promise<User> {
  await lockAdministrators(em);
  const user = await em.findOne(User, { id }, forUpdate);
  if (!user) throw new NotFoundError([`User:${id}`]);
  return user;
}

async function remove(tx: UserTransaction, user: User): Promise<void> {
  const { em } = tx;
  const { id } = user;
  await assertAdministratorRemains(em, tx.now(), { userId: id });
  user.removedAt = tx.now();
  user.disabledAt ??= tx.now();
  user.isAdmin = false;
  // Another user may get the address, such as the same person who comes back.
  user.email = null;
  tx.emitAccessChange({ userId: id });
  await em.flush();
  const run = (sql: string, ...params: unknown[]) => em.execute(sql, params, 'run');
  await run('update api_keys set revoked_at = ? where user_id = ? and revoked_at is null', tx.now(), id);
  await run('update upload_tokens set revoked_at = ? where created_by_id = ? and revoked_at is null', tx.now(), id);
  await run('update share_links set revoked_at = ? where created_by_id = ? and revoked_at is null', tx.now(), id);
  await run('delete from sealed_keys where api_key_id in (select id from api_keys where user_id = ?)', id);
  const memberships: { project_id: number; role: string }[] = await em.execute(
    'delete from project_members where user_id = ? returning project_id, role',
    [id],
  );
  await run('delete from entity_access where user_id = ?', id);
  // Nobody can continue them: maintenance removes them with their bytes. Requests that append to
  // them lose their lease, so that these do not extend them.
  const end = 'set expires_at = ?, lease = null, leased_until = null where user_id = ? and is_finished = ?';
  await run(`update resumable_uploads ${end}`, tx.now(), id, false);
  tx.audit({ action: 'USER_REMOVED', target: `User:${id}` });
  for (const { project_id, role } of memberships)
    tx.audit({ action: 'MEMBER_REMOVED', target: `Project:${project_id}`, details: { userId: `User:${id}`, role } });
}

/** Deletes the personal data of a removed user. What is kept: docs/users-and-permissions.md. */
async function eraseProfile({ em, now, audit }: UserTransaction, user: User): Promise<void> {
  em.assign(user, { ...named(ERASED_NAME), title: '', email: null, avatarUrl: null, profileUrl: null });
  await em.flush();
  const run = (sql: string, ...params: unknown[]) => em.execute(sql, params, 'run');
  // Names of keys are free text; results of requests and uploads contain names of files.
  await run('update api_keys set name = ? where user_id = ?', 'erased', user.id);
  await run('delete from idempotency_keys where user_id = ?', user.id);
  await run('update resumable_uploads set expires_at = ? where user_id = ?', now(), user.id);
  await run("update share_links set name = '' where created_by_id = ?", user.id);
  for (const identity of await em.find(UserIdentity, { user: user.id })) {
    const { issuer, subject } = identity;
    const erased = isErasedSubject(subject) ? subject : erasedSubject(issuer, subject);
    em.assign(identity, { ...NOTHING_COPIED, subject: erased });
  }
  await em.flush();
  audit({ action: 'USER_ERASED', target: `User:${user.id}` });
}
