import { createHash, randomBytes } from 'node:crypto';
import { ApiKey, type KeyScope, type User } from '../database/entities/index.ts';
import type { EntityManager } from '../database/open.ts';
import { Unauthenticated } from '../errors.ts';
import type { Viewer } from './permissions.ts';

/** A new key with 256 bits of chance in it, which is why one round of SHA-256 is enough to keep it. */
export function makeKey(): string {
  return `att_${randomBytes(32).toString('base64url')}`;
}

export function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** Adds a key to the unit of work; it exists once that is flushed. The key itself is not kept. */
export function addKey(em: EntityManager, input: { user: User; name: string; key: string; scope: KeyScope; now: Date; expiresAt?: Date | null }): ApiKey {
  return em.create(ApiKey, {
    user: input.user,
    name: input.name,
    hash: hashKey(input.key),
    createdAt: input.now,
    scope: input.scope,
    expiresAt: input.expiresAt ?? null,
    revokedAt: null,
  });
}

/** Whose key it is. Throws `Unauthenticated` when it is unknown, revoked or expired, without saying which. */
export async function viewerOfKey(em: EntityManager, key: string | undefined, now: Date): Promise<Viewer> {
  if (!key) throw new Unauthenticated();
  const found = await em.findOne(ApiKey, { hash: hashKey(key) }, { populate: ['user'] });
  if (!found || found.revokedAt || (found.expiresAt && found.expiresAt <= now)) throw new Unauthenticated();
  const user = found.user.unwrap();
  return { userId: user.id, isAdmin: user.isAdmin, scope: found.scope };
}
