import { type Transaction, TransactionContext } from '@mikro-orm/core';
import type { EntityManager } from './database.ts';

/**
 * As `em.transactional`, for half of its cost: entities are not copied to another entity manager
 * afterwards. `em` must be a fresh fork. Within `outer`, the work is a savepoint of it.
 */
export const inOneTransaction = <T>(
  em: EntityManager,
  work: (em: EntityManager) => Promise<T>,
  outer?: Transaction,
): Promise<T> =>
  TransactionContext.create(em, async () => {
    await em.begin({ ctx: outer });
    try {
      const result = await work(em);
      await em.commit();
      return result;
    } catch (error) {
      // What the transaction failed with matters, and not that its connection is gone.
      await em.rollback().catch(() => {});
      throw error;
    }
  });
