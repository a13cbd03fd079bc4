import { setTimeout as pause } from 'node:timers/promises';
import {
  DeadlockException,
  ForeignKeyConstraintViolationException,
  LockWaitTimeoutException,
  UniqueConstraintViolationException,
} from '@mikro-orm/core';
import { ConflictError } from '../errors.ts';
import type { EntityManager } from './database.ts';
import { inOneTransaction } from './one-transaction.ts';
import { type GroupOptions, GroupRolledBackError, groupsOf, type Work } from './transaction-groups.ts';

const ATTEMPTS = 5;
const PAUSE_MS = 20;

/**
 * Runs the work in a transaction, and retries it when it collides with another: a deadlock, the
 * same unique value, a reference to a row that was deleted. Each attempt reads everything again and
 * sees what the other committed. So the work may run more than once, and must change nothing but
 * the database. With `group`, the first attempt may share its commit with others. Throws
 * `ConflictError` after several attempts.
 */
export async function transact<T>(em: EntityManager, work: Work<T>, group?: GroupOptions): Promise<T> {
  const groups = group && groupsOf(em);
  for (let attempt = 1; ; attempt++) {
    em.clear(); // What was read before would hide what the transaction changes.
    try {
      if (groups && attempt === 1) return await groups.run(em, work, group);
      return await inOneTransaction(em.fork(), (tx) => work(tx));
    } catch (error) {
      if (!isCollision(em, error)) throw error;
      if (attempt === ATTEMPTS)
        throw new ConflictError('Another request is changing the same data. Try again.', { cause: error });
      await pause(Math.random() * PAUSE_MS * attempt);
    }
  }
}

function isCollision(em: EntityManager, thrown: unknown): boolean {
  if (thrown instanceof GroupRolledBackError) return true;
  // MikroORM translates the errors of statements, and not those of a commit.
  const error = em.getDriver().convertException(thrown as Error);
  return (
    error instanceof DeadlockException ||
    error instanceof LockWaitTimeoutException ||
    error instanceof UniqueConstraintViolationException ||
    error instanceof ForeignKeyConstraintViolationException
  );
}
