import { hash, randomBytes } from 'node:crypto';
import DataLoader from 'dataloader';
import type { AuditEntry } from '../audit/audit-entry.ts';
import { inChunks } from '../database/chunks.ts';
import type { EntityManager } from '../database/database.ts';
import { ApiKey, type KeyScope, type User } from '../database/entities/index.ts';
import { placeholders } from '../database/rows.ts';
import { BadUserInputError, ConflictError, UnauthenticatedError } from '../errors.ts';
import type { Viewer } from './permissions.ts';
import { CAN_SIGN_IN, canSignIn, refreshTokenViewer } from './sign-in-users.ts';

/** A new key of 256 random bits, of which one round of SHA-256 is a safe hash. */
export function generateKey(): string {
  return `att_${randomBytes(32).toString('base64url')}`;
}

/** The SHA-256 of a key, in hex, by which its row is found. */
export function hashKey(key: string): string {
  return hash('sha256', key, 'hex');
}

export interface NewKey {
  user: User;
  name: string;
  key: string;
  scope: KeyScope;
  now: Date;
  expiresAt?: Date | null;
}

/**
 * Adds a key to the unit of work; it exists once that is flushed. Only its hash is stored. Throws
 * `BadUserInputError` for one that has expired already, or has a scope that its user cannot use,
 * `ConflictError` for a removed user.
 */
export function addKey(em: EntityManager, { user, name, key, scope, now, expiresAt = null }: NewKey): ApiKey {
  if (expiresAt && expiresAt <= now) throw new BadUserInputError('The expiry of a key must be in the future.');
  if (user.removedAt) throw new ConflictError(`User:${user.id} was removed, and gets no API keys.`);
  if (scope === 'ADMIN' && !user.isAdmin) {
    throw new BadUserInputError(`User:${user.id} is no administrator; a key of it has the scope READ or WRITE.`);
  }
  return em.create(ApiKey, { user, name, hash: hashKey(key), createdAt: now, scope, expiresAt, revokedAt: null });
}

/** The audit entry of a new key. */
export const keyCreated = ({ id, user, scope, expiresAt }: ApiKey): AuditEntry => ({
  action: 'API_KEY_CREATED',
  target: `ApiKey:${id}`,
  details: { userId: `User:${user.id}`, scope, expiresAt: expiresAt?.toISOString() ?? null },
});

/** The audit entry of a revoked key. */
export const keyRevoked = ({ id, user }: ApiKey): AuditEntry => ({
  action: 'API_KEY_REVOKED',
  target: `ApiKey:${id}`,
  details: { userId: `User:${user.id}` },
});

/**
 * Returns the viewer of a key. Throws `UnauthenticatedError` when it is unknown, revoked or
 * expired, without saying which. Concurrent calls, as when thousands of clients reconnect, share
 * their queries.
 */
export function createKeyLookup(
  em: () => EntityManager,
  now: () => Date,
): (key: string | undefined) => Promise<Viewer> {
  const loader = new DataLoader<string, Viewer>(
    async (hashes) => {
      const found = await viewersOf(em(), [...new Set(hashes)], now());
      return hashes.map((hash) => found.get(hash) ?? new UnauthenticatedError());
    },
    { cache: false, maxBatchSize: 500, batchScheduleFn: (run) => setImmediate(run) },
  );
  return async (key) => {
    if (!key) throw new UnauthenticatedError();
    return loader.load(hashKey(key));
  };
}

interface Row {
  hash: string;
  id: number;
  scope: KeyScope;
  userId: number;
  isAdmin: boolean | number;
}

/**
 * Viewers by the hashes of their keys, of those that work now. Every request reads this: entities
 * would be too slow.
 */
async function viewersOf(em: EntityManager, hashes: readonly string[], now: Date): Promise<Map<string, Viewer>> {
  const rows = await inChunks(hashes, (some) => workingKeys(em, `k.hash in (${placeholders(some)})`, some, now));
  return new Map(rows.map((row) => [row.hash, viewerIn(row)]));
}

/** Whether a key was revoked. One that has expired was not. */
export async function isKeyRevoked(em: EntityManager, id: number): Promise<boolean> {
  const sql = 'select id from api_keys where id = ? and revoked_at is null';
  return (await em.execute<unknown[]>(sql, [id], { connectionType: 'read' })).length === 0;
}

/** The viewer of a key, by its id; undefined when the key no longer works. */
export async function viewerOfKey(em: EntityManager, id: number, now: Date): Promise<Viewer | undefined> {
  const [row] = await workingKeys(em, 'k.id = ?', [id], now);
  return row && viewerIn(row);
}

function workingKeys(em: EntityManager, where: string, params: readonly unknown[], now: Date): Promise<Row[]> {
  return em.execute(
    `select k.hash, k.id, k.scope, u.id as "userId", u.is_admin as "isAdmin"
     from api_keys k join users u on u.id = k.user_id
     where ${where} and ${CAN_SIGN_IN} and k.revoked_at is null and (k.expires_at is null or k.expires_at > ?)`,
    [...params, now],
    { connectionType: 'read' },
  );
}

const viewerIn = ({ id, scope, userId, isAdmin }: Row): Viewer => ({ userId, isAdmin: !!isAdmin, scope, keyId: id });

/**
 * The same viewer with its current rights, for what lasts longer than a request. Throws
 * `UnauthenticatedError` when its key no longer works, and `TokenExpiredError`.
 */
export async function refreshViewer(em: EntityManager, viewer: Viewer, now: Date): Promise<Viewer> {
  if (viewer.keyId === undefined) return refreshTokenViewer(em, viewer, now);
  const key = await em.findOne(ApiKey, { id: viewer.keyId }, { populate: ['user'], refresh: true });
  const found = viewerWith(key, now);
  if (!found) throw new UnauthenticatedError();
  return found;
}

function viewerWith(key: ApiKey | null | undefined, now: Date): Viewer | undefined {
  if (!key || key.revokedAt || (key.expiresAt && key.expiresAt <= now)) return undefined;
  const user = key.user.unwrap();
  if (!canSignIn(user)) return undefined;
  return { userId: user.id, isAdmin: user.isAdmin, scope: key.scope, keyId: key.id };
}

/** The users of the keys that expired after `since` and until `until`. */
export async function usersOfExpiredKeys(em: EntityManager, since: Date, until: Date): Promise<Set<number>> {
  const keys = await em.find(ApiKey, { expiresAt: { $gt: since, $lte: until } }, { disableIdentityMap: true });
  return new Set(keys.map((key) => key.user.id));
}
