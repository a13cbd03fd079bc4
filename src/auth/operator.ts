import type { AuditEntry } from '../audit/audit-entry.ts';
import { writeAudit } from '../audit/write-audit.ts';
import type { EntityManager } from '../database/database.ts';
import { ApiKey, type KeyScope, User, UserIdentity } from '../database/entities/index.ts';
import { transact } from '../database/transaction.ts';
import { BadUserInputError, ConflictError, NotFoundError } from '../errors.ts';
import { accessEntry, appendToLog, type NewLogEntry } from '../events/log-writer.ts';
import { revoke } from './api-keys.ts';
import { addKey, generateKey, keyCreated } from './authenticate-key.ts';
import { storedSubjects } from './jwt/erased-subject.ts';
import { NOTHING_COPIED } from './jwt/sync-identity.ts';
import { storeSigningKey } from './signing-keys.ts';
import { removeUserIn, setDisabledIn, type UserTransaction } from './user-state.ts';
import { addUser, type NewUser } from './users.ts';

/** The commands of the operator. They need no authorization; all other rules apply. */

/**
 * Runs a command in a transaction that also writes its access changes to the log, from which the
 * servers read them, and its entries to the audit log.
 */
export async function asOperator<T>(em: EntityManager, work: (tx: UserTransaction) => Promise<T>): Promise<T> {
  return transact(em, async (tx) => {
    const now = new Date();
    const entries: NewLogEntry[] = [];
    const audited: AuditEntry[] = [];
    const result = await work({
      em: tx,
      now: () => now,
      emitAccessChange: (change) => entries.push(accessEntry(now, change)),
      audit: (entry) => audited.push(entry),
    });
    await tx.flush();
    await writeAudit(tx, now, { via: 'COMMAND_LINE', actorId: null }, audited);
    await appendToLog(tx, entries);
    return result;
  });
}

const MAX_NAME_LENGTH = 500;

/** A name as the API accepts it: trimmed, 1 to 500 characters. Throws `BadUserInputError`. */
function nameOf(text: string): string {
  const name = text.trim();
  if (name === '' || name.length > MAX_NAME_LENGTH)
    throw new BadUserInputError(`A name has to have 1 to ${MAX_NAME_LENGTH} characters.`);
  return name;
}

/**
 * Adds a user with a first key of the widest scope that the user can use. Throws `ConflictError`
 * when another user has the email address, `BadUserInputError`.
 */
export function addUserWithKey(em: EntityManager, input: NewUser): Promise<{ user: User; key: string }> {
  return asOperator(em, async (tx) => {
    const user = await addUser(tx, { ...input, displayName: nameOf(input.displayName) });
    const key = generateKey();
    const scope = user.isAdmin ? 'ADMIN' : 'WRITE';
    const row = addKey(tx.em, { user, name: 'first key', key, scope, now: tx.now() });
    await tx.em.flush();
    tx.audit(keyCreated(row));
    return { user, key };
  });
}

/** Disables a user, or enables one again. Throws `NotFoundError`, `ConflictError`. */
export async function setUserDisabled(em: EntityManager, id: number, isDisabled: boolean): Promise<void> {
  await asOperator(em, (tx) => setDisabledIn(tx, id, isDisabled));
}

/** Removes a user, and erases its personal data. Throws `NotFoundError`, `ConflictError`. */
export async function removeUserById(em: EntityManager, id: number, { erase = false } = {}): Promise<void> {
  await asOperator(em, (tx) => removeUserIn(tx, id, { erase }));
}

/**
 * Adds another key of a user, and returns the key itself. Throws `NotFoundError`,
 * `BadUserInputError`, `ConflictError`.
 */
export async function addKeyOf(
  em: EntityManager,
  userId: number,
  input: { name: string; scope: KeyScope; expiresAt: Date | null; keyEncryptionKey?: Buffer | undefined },
): Promise<{ apiKey: ApiKey; key: string }> {
  const key = generateKey();
  const apiKey = await asOperator(em, async ({ em, now, audit }) => {
    const row = addKey(em, { ...input, name: nameOf(input.name), now: now(), user: await userOf(em, userId), key });
    await em.flush();
    if (input.keyEncryptionKey)
      await storeSigningKey(em, input.keyEncryptionKey, { id: row.id, userId, key, now: now() });
    audit(keyCreated(row));
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
  { issuer, subject }: { issuer: string; subject: string },
): Promise<void> {
  await asOperator(em, async ({ em, now, audit }) => {
    const user = await userOf(em, userId);
    if (user.isService) throw new ConflictError(`User:${userId} is a service account, which signs in with API keys.`);
    if (user.removedAt) throw new ConflictError(`User:${userId} was removed. Link another user.`);
    const known = await em.findOne(
      UserIdentity,
      { issuer, subject: storedSubjects(issuer, subject) },
      { populate: ['user'] },
    );
    // The subject of a removed person may come back as another user.
    if (known?.user.unwrap().removedAt) {
      Object.assign(known, { user, subject, ...NOTHING_COPIED });
      audit({ action: 'IDENTITY_LINKED', target: `User:${userId}`, details: { issuer } });
      return;
    }
    if (known) throw new ConflictError(`This subject signs in as User:${known.user.id} already.`);
    em.create(UserIdentity, { user, issuer, subject, ...NOTHING_COPIED, createdAt: now() });
    audit({ action: 'IDENTITY_LINKED', target: `User:${userId}`, details: { issuer } });
  });
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
export async function revokeKeyById(em: EntityManager, id: number): Promise<void> {
  await asOperator(em, (tx) => revoke(tx, id));
}

/** Throws `NotFoundError`. */
export async function userOf(em: EntityManager, id: number): Promise<User> {
  const user = await em.findOne(User, { id });
  if (!user) throw new NotFoundError([`User:${id}`]);
  return user;
}
