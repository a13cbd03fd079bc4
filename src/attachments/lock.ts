import { File } from '../database/entities/index.ts';
import { forUpdate } from '../database/query.ts';
import type { Inside } from '../events/changing.ts';

/**
 * Keeps others from changing these files, their versions and where they hang until the transaction ends. Whoever
 * locks reads what it goes by afterwards: it may have waited for somebody who changed it.
 */
export async function lockChains(inside: Inside, chains: readonly string[]): Promise<void> {
  if (chains.length === 0) return;
  await inside.em.find(
    File,
    { chain: { $in: [...new Set(chains)] } },
    { ...forUpdate, orderBy: { id: 'asc' }, disableIdentityMap: true },
  );
}
