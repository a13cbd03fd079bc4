import { setTimeout as pause } from 'node:timers/promises';
import {
  DeadlockException,
  ForeignKeyConstraintViolationException,
  LockWaitTimeoutException,
  TransactionContext,
  UniqueConstraintViolationException,
} from '@mikro-orm/core';
import { ConflictError } from '../errors.ts';
import type { EntityManager } from './database.ts';

const ATTEMPTS = 5;
const PAUSE_MS = 20;

/**
 * Runs the work in a transaction, and retries it when it collides with another: a deadlock, the
 * same unique value, a reference to a row that was deleted. Each attempt reads everything again and
 * sees what the other committed. So the work may run more than once, and must change nothing but
 * the database. Throws `ConflictError` after several attempts.
 */
export async function transact<T>(em: EntityManager, work: (em: EntityManager) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await inOneTransaction(em.fork(), work);
    } catch (error) {
      if (!isCollision(error)) throw error;
      if (attempt === ATTEMPTS)
        throw new ConflictError('Another request is changing the same data. Try again.', { cause: error });
      await pause(Math.random() * PAUSE_MS * attempt);
    }
  }
}

/**
 * As `em.transactional`, for half of its cost: entities are not copied to another entity manager
 * afterwards.
 */
const inOneTransaction = <T>(em: EntityManager, work: (em: EntityManager) => Promise<T>): Promise<T> =>
  TransactionContext.create(em, async () => {
    await em.begin();
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

function isCollision(error: unknown): boolean {
  return (
    error instanceof DeadlockException ||
    error instanceof LockWaitTimeoutException ||
    error instanceof UniqueConstraintViolationException ||
    error instanceof ForeignKeyConstraintViolationException
  );
}
