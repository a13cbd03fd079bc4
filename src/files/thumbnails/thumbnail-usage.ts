import type { Context } from '../../context.ts';
import { inChunks } from '../../database/chunks.ts';
import type { EntityManager } from '../../database/database.ts';
import { placeholders } from '../../database/rows.ts';
import { transact } from '../../database/transaction.ts';
import { ALL_USERS, addToSums } from '../../database/user-sums.ts';

/**
 * The stored thumbnails and their bytes. Everybody who sees an image has thumbnails made of it, and
 * no quota counts them: so the oldest of a file, of a user and of all are deleted for new ones.
 */

/** The most stored thumbnails of one file. */
const MAX_PER_FILE = 12;
/** Unless the operator sets a limit, all thumbnails have 1/20 of the capacity of the storage. */
const SHARE_DIVISOR = 20;
/** Those that one user had made have 1/4 of that. */
const USER_DIVISOR = 4;
/** The most thumbnails that are deleted for a new one. */
const BATCH_SIZE = 100;

/** What a stored thumbnail is found by. */
export interface ThumbnailKey {
  blobKey: string;
  name: string;
}

interface ThumbnailRow {
  id: number | string;
  blob_key: string;
  name: string;
  size: number;
  user_id: number;
}

/**
 * Counts a thumbnail that the viewer had made, before it is stored. Returns the thumbnails that
 * were removed from the count for it, and are to be deleted. It is one of them when it does not
 * fit.
 */
export async function addThumbnail(ctx: Context, key: ThumbnailKey, size: number): Promise<ThumbnailKey[]> {
  const { userId } = ctx.viewer;
  const total = ctx.limits.maxThumbnailBytes ?? ctx.storage.capacity / SHARE_DIVISOR;
  return transact(ctx.em.fork(), async (em) => {
    const added: ThumbnailRow[] = await em.execute(
      `insert into thumbnails (blob_key, name, size, user_id) values (?, ?, ?, ?)
       on conflict (blob_key, name) do nothing returning id`,
      [key.blobKey, key.name, size, userId],
    );
    if (added.length === 0) return []; // another server made it as well
    const sums = new Map(
      (await addToSums(em, 'thumbnail_usage', new Map([[userId, size]]))).map((row) => [
        row.user_id,
        Number(row.bytes),
      ]),
    );
    const excess = (user: number, limit: number) => (sums.get(user) ?? 0) - limit;
    const ids = new Set([
      ...(await oldestOfFile(em, key.blobKey)),
      ...(await oldest(em, 'where user_id = ?', [userId], excess(userId, total / USER_DIVISOR))),
      ...(await oldest(em, '', [], excess(ALL_USERS, total))),
    ]);
    return ids.size === 0 ? [] : removeRows(em, `id in (${placeholders([...ids])})`, [...ids]);
  });
}

/** Removes the thumbnails of deleted blobs from the count. */
export async function removeThumbnailsOf(em: EntityManager, blobKeys: readonly string[]): Promise<void> {
  await inChunks(blobKeys, async (some) => {
    const where = `blob_key in (${placeholders(some)})`;
    const [any] = await em.execute<unknown[]>(`select 1 from thumbnails where ${where} limit 1`, some);
    if (!any) return [];
    // Locks the sum before the rows, as `addThumbnail` does.
    await addToSums(em, 'thumbnail_usage', new Map());
    return removeRows(em, where, some);
  });
}

async function oldestOfFile(em: EntityManager, blobKey: string): Promise<ThumbnailRow['id'][]> {
  const rows: ThumbnailRow[] = await em.execute('select id from thumbnails where blob_key = ? order by id desc', [
    blobKey,
  ]);
  return rows.slice(MAX_PER_FILE).map(({ id }) => id);
}

/** The oldest thumbnails that have at least `bytes` together. */
async function oldest(
  em: EntityManager,
  where: string,
  values: unknown[],
  bytes: number,
): Promise<ThumbnailRow['id'][]> {
  if (bytes <= 0) return [];
  const rows: ThumbnailRow[] = await em.execute(
    `select id, size from thumbnails ${where} order by id limit ${BATCH_SIZE}`,
    values,
  );
  let remaining = bytes;
  const needed = rows.filter(({ size }) => {
    const isNeeded = remaining > 0;
    remaining -= size;
    return isNeeded;
  });
  return needed.map(({ id }) => id);
}

async function removeRows(em: EntityManager, where: string, values: readonly unknown[]): Promise<ThumbnailKey[]> {
  const removed: ThumbnailRow[] = await em.execute(
    `delete from thumbnails where ${where} returning blob_key, name, size, user_id`,
    [...values],
  );
  const changes = new Map<number, number>();
  for (const { user_id: user, size } of removed) changes.set(user, (changes.get(user) ?? 0) - size);
  if (changes.size > 0) await addToSums(em, 'thumbnail_usage', changes);
  return removed.map(({ blob_key: blobKey, name }) => ({ blobKey, name }));
}
