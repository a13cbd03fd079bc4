import { inChunks } from '../database/chunks.ts';
import { File } from '../database/entities/index.ts';
import { lockRows } from '../database/sql.ts';
import type { Inside } from '../events/in-transaction.ts';

/**
 * Keeps others from changing these files, their versions and where they hang until the transaction ends. It may have
 * waited for somebody who did: what was read before is forgotten, and read anew by whoever goes by it.
 */
export async function lockChains({ em }: Inside, chains: readonly string[]): Promise<void> {
  if (chains.length === 0) return;
  const versions = await inChunks(chains, (some) => em.find(File, { chain: { $in: some } }, { fields: ['id'] }));
  await lockRows(
    em,
    'files',
    versions.map((file) => file.id),
    'update',
  );
  await em.flush();
  em.clear();
}
