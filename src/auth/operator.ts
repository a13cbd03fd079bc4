import type { EntityManager } from '../database/database.ts';
import { ApiKey, type KeyScope, User, UserIdentity } from '../database/entities/index.ts';
import { transact } from '../database/transaction.ts';
import { ConflictError, NotFoundError } from '../errors.ts';
import { accessEntry, appendToLog } from '../events/log-writer.ts';
import { revoke } from './api-keys.ts';
import { addKey, generateKey } from './authenticate-key.ts';
import { NOTHING_COPIED } from './jwt/sync-identity.ts';
import { storeSigningKey } from './signing-keys.ts';
import { addUser, type UserFields } from './users.ts';

/** The commands of the operator. They need no authorization, but obey all other rules. */

/**
 * Adds a user with a first key of the widest scope that the user can use. Throws `ConflictError`
 * when another user has the email address.
 */
export async function addUserWithKey(
  em: EntityManager,
  input: UserFields & { displayName: string },
  now: Date,
): Promise<{ user: User; key: string }> {
  return em.transactional(async (tx) => {
    const user = await addUser(tx, input, now);
    const key = generateKey();
    addKey(tx, { user, name: 'first key', key, scope: user.isAdmin ? 'ADMIN' : 'WRITE', now });
    return { user, key };
  });
}

/**
 * Adds another key of a user, and returns the key itself. Throws `NotFoundError`,
 * `BadUserInputError`, `ConflictError`.
 */
export async function addKeyOf(
  em: EntityManager,
  userId: number,
  input: { name: string; scope: KeyScope; expiresAt: Date | null; now: Date; keyEncryptionKey?: Buffer | undefined },
): Promise<{ apiKey: ApiKey; key: string }> {
  const key = generateKey();
  const apiKey = await em.transactional(async (tx) => {
    const row = addKey(tx, { ...input, user: await userOf(tx, userId), key });
    await tx.flush();
    if (input.keyEncryptionKey)
      await storeSigningKey(tx, input.keyEncryptionKey, { id: row.id, userId, key, now: input.now });
    return row;
  });
  return { apiKey, key };
}

/**
 * Makes the tokens of a subject of an identity provider sign in as a user. Throws `NotFoundError`,
 * and `ConflictError` when they sign in as somebody already.
 */
export async function addIdentityOf(
  em: EntityManager,
  userId: number,
  { issuer, subject, now }: { issuer: string; subject: string; now: Date },
): Promise<void> {
  const user = await userOf(em, userId);
  const known = await em.findOne(UserIdentity, { issuer, subject });
  if (known) throw new ConflictError(`This subject signs in as User:${known.user.id} already.`);
  em.create(UserIdentity, { user, issuer, subject, ...NOTHING_COPIED, createdAt: now });
  await em.flush();
}

/** All users, oldest first. */
export async function allUsers(em: EntityManager): Promise<User[]> {
  return em.find(User, {}, { orderBy: { id: 'asc' } });
}

/** The keys of a user, also revoked and expired ones, oldest first. Throws `NotFoundError`. */
export async function allKeysOf(em: EntityManager, userId: number): Promise<ApiKey[]> {
  const user = await userOf(em, userId);
  return em.find(ApiKey, { user: user.id }, { orderBy: { id: 'asc' } });
}

/**
 * Revokes a key. Throws `NotFoundError`, and `ConflictError` for the last key that gives an
 * administrator access.
 */
export async function revokeKeyById(em: EntityManager, id: number, now: Date): Promise<void> {
  await transact(em, async (tx) => {
    const apiKey = await revoke(tx, id, now);
    await tx.flush();
    await appendToLog(tx, [accessEntry(now, { userId: apiKey.user.id })]);
  });
}

async function userOf(em: EntityManager, id: number): Promise<User> {
  const user = await em.findOne(User, { id });
  if (!user) throw new NotFoundError([`User:${id}`]);
  return user;
}
