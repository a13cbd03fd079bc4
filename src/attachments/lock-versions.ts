import { inChunks } from '../database/chunks.ts';
import { File } from '../database/entities/index.ts';
import { lockRows } from '../database/sql.ts';
import type { TransactionContext } from '../events/in-transaction.ts';

/**
 * Keeps others from changing these files, their versions and where they hang until the transaction ends. It may have
 * waited for somebody who did: what was read before is forgotten, and read anew by whoever goes by it.
 */
export async function lockVersions({ em }: TransactionContext, versionGroups: readonly string[]): Promise<void> {
  if (versionGroups.length === 0) return;
  const versions = await inChunks(versionGroups, (some) =>
    em.find(File, { versionGroup: { $in: some } }, { fields: ['id'] }),
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
