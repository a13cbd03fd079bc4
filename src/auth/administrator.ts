import type { AuditEntry } from '../audit/audit-entry.ts';
import { writeAudit } from '../audit/write-audit.ts';
import type { EntityManager } from '../database/database.ts';
import { ApiKey, named, User } from '../database/entities/index.ts';
import { forUpdate } from '../database/sql.ts';
import { ConflictError } from '../errors.ts';
import { addKey, generateKey, hashKey, keyCreated, keyRevoked } from './authenticate-key.ts';
import { canSignIn } from './sign-in-users.ts';

/** The audit entry of a new user. */
export const userCreated = ({ id, isAdmin, isService }: User): AuditEntry => ({
  action: 'USER_CREATED',
  target: `User:${id}`,
  details: { isAdmin, isService },
});

/** The name of the key that is set by `ATTACHE_ADMIN_KEY`. */
const CONFIGURED = 'ATTACHE_ADMIN_KEY';

export interface FirstStart {
  administrator: User;
  /** To be shown once. Undefined when the operator configured the key. */
  generatedKey: string | undefined;
}

export interface AdministratorOptions {
  /** The key that the operator configured, if any. */
  configuredKey: string | undefined;
  now: Date;
}

/**
 * Creates the first administrator in a database without users. At every start, the configured key
 * becomes the administrator's, and the one configured before it is revoked. Returns what a first
 * start created; undefined at any other.
 */
export async function ensureAdministrator(
  em: EntityManager,
  { configuredKey, now }: AdministratorOptions,
): Promise<FirstStart | undefined> {
  return em.transactional(async (tx) => {
    const isFirst = (await tx.count(User)) === 0;
    const administrator = isFirst
      ? tx.create(User, { ...named('Administrator'), email: null, isAdmin: true, createdAt: now })
      : await tx.findOne(User, { isAdmin: true, disabledAt: null }, { orderBy: { id: 'asc' } });
    if (!administrator) return undefined;
    const generatedKey = isFirst && !configuredKey ? generateKey() : undefined;
    const generated =
      generatedKey === undefined
        ? undefined
        : addKey(tx, { user: administrator, name: 'made at the first start', key: generatedKey, scope: 'ADMIN', now });
    const configured = configuredKey ? await useConfiguredKey(tx, administrator, configuredKey, now) : undefined;
    await tx.flush();
    const { created = generated, revoked = [] } = configured ?? {};
    await writeAudit(tx, now, { via: 'SERVER', actorId: null }, [
      ...(isFirst ? [userCreated(administrator)] : []),
      ...revoked.map(keyRevoked),
      ...(created ? [keyCreated(created)] : []),
    ]);
    if (!isFirst) return undefined;
    return { administrator, generatedKey };
  });
}

/** Returns the key if it is new, or works again; and the keys that were configured before. */
async function useConfiguredKey(em: EntityManager, user: User, key: string, now: Date) {
  const hash = hashKey(key);
  const revoked = (await em.find(ApiKey, { name: CONFIGURED, revokedAt: null })).filter((old) => old.hash !== hash);
  for (const old of revoked) old.revokedAt = now;
  const known = await em.findOne(ApiKey, { hash }, { populate: ['user'] });
  if (!known) return { revoked, created: addKey(em, { user, name: CONFIGURED, key, scope: 'ADMIN', now }) };
  const isUsable = canSignIn(known.user.unwrap());
  const created = known.revokedAt || !isUsable ? known : undefined;
  known.revokedAt = null;
  // Otherwise the key of an administrator who was disabled or removed would work no more.
  if (!isUsable) em.assign(known, { user });
  return { revoked, created };
}

/**
 * To be acquired before keys are revoked or administrators changed: of two concurrent changes, each
 * could rely on the administrator that the other removes.
 */
export async function lockAdministrators(em: EntityManager): Promise<void> {
  await em.find(User, { isAdmin: true }, { ...forUpdate, orderBy: { id: 'asc' } });
}

/**
 * Throws `ConflictError` when no administrator would have access without this key or this user. To
 * be called in the transaction that removes it.
 */
export async function assertAdministratorRemains(
  em: EntityManager,
  now: Date,
  without: { keyId: number } | { userId: number },
): Promise<void> {
  if (await doesAdministratorRemain(em, now, without)) return;
  throw new ConflictError(
    'This would leave no administrator with a working API key of the scope ADMIN. Make another first.',
  );
}

/** Whether an administrator has access without this key or this user, or none had before. */
export async function doesAdministratorRemain(
  em: EntityManager,
  now: Date,
  without: { keyId: number } | { userId: number },
): Promise<boolean> {
  const working = await em.find(ApiKey, {
    scope: 'ADMIN',
    revokedAt: null,
    $or: [{ expiresAt: null }, { expiresAt: { $gt: now } }],
    user: { isAdmin: true, disabledAt: null },
  });
  const isRemoved = (key: ApiKey) => ('keyId' in without ? key.id === without.keyId : key.user.id === without.userId);
  return !working.some(isRemoved) || !working.every(isRemoved);
}
