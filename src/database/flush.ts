import type { EntityManager } from './database.ts';

/**
 * Writes the changes of entities to the database. Without any, the unit of work would still compute
 * what to write, which costs more than a statement.
 */
export async function flush(em: EntityManager): Promise<void> {
  const work = em.getUnitOfWork();
  if (work.getIdentityMap().keys().length > 0 || work.getPersistStack().size > 0 || work.getRemoveStack().size > 0)
    await em.flush();
}
