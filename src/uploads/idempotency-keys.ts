import type { Context } from '../context.ts';
import type { EntityManager } from '../database/database.ts';
import { IdempotencyKey, User } from '../database/entities/index.ts';
import { BadUserInputError } from '../errors.ts';

/** The rows of idempotency keys: each user has keys of their own, and so has each upload token. */

/** Throws `BadUserInputError` for a key of the wrong length. */
export function assertKey(key: string): void {
  if (key.length < 1 || key.length > 255) throw new BadUserInputError('An idempotency key has 1 to 255 characters.');
}

export interface NewIdempotencyKey {
  key: string;
  fingerprint: string;
  /** Stored as JSON. */
  result: object;
}

/** Stores a key and its result, in the transaction of the change. */
export async function storeKey(tx: Context, { key, fingerprint, result }: NewIdempotencyKey): Promise<void> {
  const created = tx.em.create(IdempotencyKey, {
    user: tx.em.getReference(User, tx.viewer.userId),
    key: storedKeyOf(tx, key),
    fingerprint,
    answer: JSON.stringify(result),
    createdAt: tx.now(),
  });
  await tx.em.flush();
  if (created.id % CLEANUP_INTERVAL === 0) await deleteOldestKeys(tx);
}

/** Keys that are stored of one user. Beyond that the oldest are deleted, as if they had expired. */
const MAX_KEYS = 100_000;
/**
 * After how many new keys, of all users, the keys of the last one's user are counted. Counting at
 * each is too slow.
 */
const CLEANUP_INTERVAL = 1000;

async function deleteOldestKeys({ em, viewer }: Context): Promise<void> {
  const [last]: { id: number }[] = await em.execute(
    `select id from idempotency_keys where user_id = ? order by id desc limit 1 offset ${MAX_KEYS}`,
    [viewer.userId],
  );
  if (last) await em.nativeDelete(IdempotencyKey, { user: viewer.userId, id: { $lte: last.id } });
}

/** Deletes keys that were created before a moment. */
export async function deleteExpiredKeys(em: EntityManager, before: Date): Promise<void> {
  await em.nativeDelete(IdempotencyKey, { createdAt: { $lt: before } });
}

/** The key as it is stored: each upload token has keys of its own, too. */
const storedKeyOf = ({ uploadGrant }: Context, key: string) =>
  uploadGrant ? `upload token ${uploadGrant.tokenId}: ${key}` : key;

/** The viewer's stored key. One that has expired is deleted. */
export async function findKey(ctx: Context, key: string): Promise<IdempotencyKey | undefined> {
  const { em, viewer, limits, now } = ctx;
  const stored = await em.findOne(IdempotencyKey, { user: viewer.userId, key: storedKeyOf(ctx, key) });
  if (!stored) return undefined;
  if (stored.createdAt.getTime() >= now().getTime() - limits.idempotencyMs) return stored;
  await em.nativeDelete(IdempotencyKey, { id: stored.id });
  return undefined;
}
