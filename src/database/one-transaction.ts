import { type Transaction, TransactionContext } from '@mikro-orm/core';
import type { EntityManager } from './database.ts';
import { flush } from './flush.ts';
import { observerOf } from './observer.ts';

interface TransactionOptions {
  /** The transaction of which the work is a savepoint. */
  outer?: Transaction | undefined;
  /** How many transactions share this one, for its observer. */
  members?: number;
}

/**
 * As `em.transactional`, for a part of its cost: entities are not copied to another entity manager
 * afterwards, and a unit of work without changes computes none. `em` must be a fresh fork.
 */
export const inOneTransaction = <T>(
  em: EntityManager,
  work: (em: EntityManager) => Promise<T>,
  { outer, members = 1 }: TransactionOptions = {},
): Promise<T> =>
  TransactionContext.create(em, async () => {
    const observer = outer ? undefined : observerOf(em);
    const end = observer?.began?.();
    try {
      em.setTransactionContext(await em.getConnection('write').begin({ ctx: outer }));
      return await commitOrRollBack(em, work, (durationMs) => observer?.committed?.(members, durationMs));
    } finally {
      em.resetTransactionContext();
      end?.();
    }
  });

async function commitOrRollBack<T>(
  em: EntityManager,
  work: (em: EntityManager) => Promise<T>,
  onCommit: (durationMs: number) => void,
): Promise<T> {
  const connection = em.getConnection('write');
  const transaction = em.getTransactionContext();
  try {
    const result = await work(em);
    await flush(em);
    const committing = performance.now();
    await connection.commit(transaction);
    onCommit(performance.now() - committing);
    return result;
  } catch (error) {
    // What the transaction failed with matters, and not that its connection is gone.
    await connection.rollback(transaction).catch(() => {});
    throw error;
  }
}
