import { inChunks } from '../database/chunks.ts';
import { File } from '../database/entities/index.ts';
import { lockRows } from '../database/sql.ts';
import type { TransactionContext } from '../events/in-transaction.ts';

/**
 * Locks all versions of these files, and their attachments, against changes until the transaction
 * ends. Another transaction may have changed them while this one waited for the lock, so the unit
 * of work is cleared: read again what was read before.
 */
export async function lockVersions({ em }: TransactionContext, versionGroups: readonly string[]): Promise<void> {
  if (versionGroups.length === 0) return;
  const versions = await inChunks(versionGroups, (chunk) =>
    em.find(File, { versionGroup: { $in: chunk } }, { fields: ['id'] }),
  );
  await lockRows(
    em,
    'files',
    versions.map((file) => file.id),
    'update',
  );
  await em.flush();
  em.clear();
}
