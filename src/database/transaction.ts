import { setTimeout as pause } from 'node:timers/promises';
import {
  DeadlockException,
  ForeignKeyConstraintViolationException,
  LockWaitTimeoutException,
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
    em.clear();
    try {
      return await em.transactional(work);
    } catch (error) {
      if (!isCollision(error)) throw error;
      if (attempt === ATTEMPTS)
        throw new ConflictError('Another request is changing the same data. Try again.', { cause: error });
      await pause(Math.random() * PAUSE_MS * attempt);
    }
  }
}

function isCollision(error: unknown): boolean {
  return (
    error instanceof DeadlockException ||
    error instanceof LockWaitTimeoutException ||
    error instanceof UniqueConstraintViolationException ||
    error instanceof ForeignKeyConstraintViolationException
  );
}
