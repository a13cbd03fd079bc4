import { ApiKey, User } from '../database/entities/index.ts';
import type { EntityManager } from '../database/open.ts';
import { forUpdate } from '../database/sql.ts';
import { ConflictError } from '../errors.ts';
import { addKey, generateKey, hashKey } from './authenticate-key.ts';

/** The name of the key that follows `ATTACHE_ADMIN_KEY`. */
const CONFIGURED = 'ATTACHE_ADMIN_KEY';

export interface FirstStart {
  administrator: User;
  /** To be shown once. Undefined when the operator chose it, and so knows it. */
  madeKey: string | undefined;
}

export interface AdministratorOptions {
  /** The one that the operator chose, if any. */
  configuredKey: string | undefined;
  now: Date;
}

/**
 * Makes the first administrator in a database without users. At every start, the key that the operator configured is
 * the administrator's, and the one configured before it no longer is.
 * Answers what a first start made; undefined at any other.
 */
export async function ensureAdministrator(
  em: EntityManager,
  { configuredKey, now }: AdministratorOptions,
): Promise<FirstStart | undefined> {
  return em.transactional(async (tx) => {
    const isFirst = (await tx.count(User)) === 0;
    const administrator = isFirst
      ? tx.create(User, { displayName: 'Administrator', email: null, isAdmin: true, createdAt: now })
      : await tx.findOne(User, { isAdmin: true }, { orderBy: { id: 'asc' } });
    if (!administrator) return undefined;
    const madeKey = isFirst && !configuredKey ? generateKey() : undefined;
    if (configuredKey) await useConfiguredKey(tx, administrator, configuredKey, now);
    else if (madeKey)
      addKey(tx, { user: administrator, name: 'made at the first start', key: madeKey, scope: 'ADMIN', now });
    if (!isFirst) return undefined;
    return { administrator, madeKey };
  });
}

async function useConfiguredKey(em: EntityManager, user: User, key: string, now: Date): Promise<void> {
  const hash = hashKey(key);
  for (const old of await em.find(ApiKey, { name: CONFIGURED, revokedAt: null }))
    if (old.hash !== hash) old.revokedAt = now;
  const known = await em.findOne(ApiKey, { hash });
  if (known) known.revokedAt = null;
  else addKey(em, { user, name: CONFIGURED, key, scope: 'ADMIN', now });
}

/** Whoever revokes keys or names administrators takes this first: two at once could each leave it to the other. */
export async function lockAdministrators(em: EntityManager): Promise<void> {
  await em.find(User, { isAdmin: true }, { ...forUpdate, orderBy: { id: 'asc' } });
}

/**
 * Nobody may be locked out by mistake. Throws `ConflictError` when no administrator could get in without this key or
 * this user; to be asked inside the transaction that takes it away.
 */
export async function assertAdministratorRemains(
  em: EntityManager,
  now: Date,
  without: { keyId: number } | { userId: number },
): Promise<void> {
  const working = await em.find(ApiKey, {
    scope: 'ADMIN',
    revokedAt: null,
    $or: [{ expiresAt: null }, { expiresAt: { $gt: now } }],
    user: { isAdmin: true },
  });
  const isTaken = (key: ApiKey) => ('keyId' in without ? key.id === without.keyId : key.user.id === without.userId);
  if (working.some(isTaken) && working.every(isTaken)) {
    throw new ConflictError(
      'This would leave no administrator with a working API key of the scope ADMIN. Make another first.',
    );
  }
}
