import { setTimeout as pause } from 'node:timers/promises';
import {
  DeadlockException,
  ForeignKeyConstraintViolationException,
  LockWaitTimeoutException,
  UniqueConstraintViolationException,
} from '@mikro-orm/core';
import { ConflictError } from '../errors.ts';
import type { EntityManager } from './open.ts';

const ATTEMPTS = 5;
const PAUSE_MS = 20;

/**
 * Runs the work in a transaction. One that loses against another at the same moment (both locked what the other
 * needs, both added the same, one took away what the other refers to) is run again from its start, and then sees what
 * the other did: so the work may run more than once, and changes nothing but the database. What was read before is
 * read anew. Throws `ConflictError` when it loses again and again.
 */
export async function transact<T>(em: EntityManager, work: (em: EntityManager) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    em.clear();
    try {
      return await em.transactional(work);
    } catch (error) {
      if (!isCollision(error)) throw error;
      if (attempt === ATTEMPTS)
        throw new ConflictError('Others change the same at this moment. Try again.', { cause: error });
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
