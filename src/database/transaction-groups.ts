import { DatabaseError } from 'pg';
import { DatabaseUnavailableError } from '../errors.ts';
import type { EntityManager } from './database.ts';
import { flush } from './flush.ts';
import { inOneTransaction } from './one-transaction.ts';
import { lockRows, type RowRef } from './sql.ts';

/**
 * Transactions that share one commit at most: the more there are, the longer the first of them
 * waits.
 */
const MAX_MEMBERS = 64;

/** With which others a transaction may share a commit. */
export interface GroupOptions {
  /** Transactions of the same key share. They are those that would wait for each other's locks. */
  key: string;
  /** The rows that the transaction locks first, from the outermost to the innermost. */
  path: readonly RowRef[];
}

/**
 * A group was rolled back as a whole. Its transactions stored nothing, and can be run again, each
 * by itself.
 */
export class GroupRolledBackError extends Error {
  constructor(cause: unknown) {
    super('The transactions of the group were rolled back.', { cause });
  }
}

const groups = new WeakMap<object, TransactionGroups>();

/** Lets transactions on this driver of MikroORM share commits. */
export const enableGroups = (driver: object): void => void groups.set(driver, new TransactionGroups());

/** Undefined where transactions do not share commits in this way. */
export const groupsOf = (em: EntityManager): TransactionGroups | undefined => groups.get(em.getDriver());

/**
 * What members of a group have read and locked, for those after them, which see it as it was then.
 */
export type GroupCache = Map<string, Promise<unknown>>;

/** Runs in a transaction; with the cache of its group, unless it runs alone. */
export type Work<T> = (em: EntityManager, cache?: GroupCache) => Promise<T>;

type GroupState = 'beginning' | 'running' | 'committing';

interface Member {
  /** A fresh unit of work. */
  em: EntityManager;
  work: Work<unknown>;
  path: readonly RowRef[];
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** Groups of one key at a time: one that is committed, and one that runs meanwhile. */
const MAX_GROUPS = 2;

/** The transactions of one key. */
interface Queue {
  members: Member[];
  /** Groups that are not settled. */
  groups: number;
  /** Whether one of them has more to do than its commit. */
  isRunning: boolean;
}

/**
 * Group commit on PostgreSQL. Transactions that lock the same row run one after the other, and each
 * one by itself would hold that lock while its commit is synced. So those that arrive while another
 * of their key runs wait in this process. Then all of them run in one transaction of PostgreSQL,
 * each in a savepoint, so that it can fail alone, and are committed together. Nobody gets a result
 * before that commit. A transaction that finds no other begins at once, by itself.
 *
 * The next group begins while the one before is committed: it waits for no lock until it has done
 * part of its work.
 */
export class TransactionGroups {
  readonly #queues = new Map<string, Queue>();

  /**
   * Runs the work in a transaction, perhaps with others, and resolves with its result when it is
   * committed. Throws the error of the work, or `GroupRolledBackError`.
   */
  run<T>(em: EntityManager, work: Work<T>, { key, path }: GroupOptions): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const queue = this.#queues.get(key) ?? { members: [], groups: 0, isRunning: false };
    this.#queues.set(key, queue);
    queue.members.push({ em: em.fork(), work, path, resolve: (result) => resolve(result as T), reject });
    this.#startNext(key, queue);
    return promise;
  }

  #startNext(key: string, queue: Queue): void {
    if (queue.members.length === 0 && queue.groups === 0) this.#queues.delete(key);
    if (queue.members.length === 0 || queue.isRunning || queue.groups === MAX_GROUPS) return;
    queue.groups += 1;
    queue.isRunning = true;
    let isRunning = true;
    const stopRunning = () => {
      if (isRunning) queue.isRunning = false;
      isRunning = false;
      this.#startNext(key, queue);
    };
    void runGroup(queue.members.splice(0, MAX_MEMBERS), stopRunning).then(() => {
      queue.groups -= 1;
      stopRunning();
    });
  }
}

/**
 * Settles all members, and never rejects. `onCommit` is called when it has only to be committed.
 */
async function runGroup(members: readonly Member[], onCommit: () => void): Promise<void> {
  let state: GroupState = 'beginning';
  const settles: (() => void)[] = [];
  const [{ em }] = members as [Member];
  try {
    await inOneTransaction(
      em,
      async (tx) => {
        state = 'running';
        settles.push(
          ...(members.length > 1 ? await runMembers(tx, members) : await runAlone(tx, members[0] as Member)),
        );
        state = 'committing';
        onCommit();
      },
      { members: members.length },
    );
  } catch (cause) {
    const error = members.length > 1 ? toGroupError(cause, state) : cause;
    for (const { reject } of members) reject(error);
    return;
  }
  for (const settle of settles) settle();
}

async function runAlone(tx: EntityManager, { work, resolve }: Member): Promise<(() => void)[]> {
  const result = await work(tx);
  await flush(tx);
  return [() => resolve(result)];
}

/** Runs each member in a savepoint, and returns how to settle them after the commit. */
async function runMembers(tx: EntityManager, members: readonly Member[]): Promise<(() => void)[]> {
  await lockPaths(tx, members);
  const cache: GroupCache = new Map();
  const settles: (() => void)[] = [];
  for (const { work, resolve, reject } of members) {
    try {
      // Of its own unit of work: it must not find entities of others, which may have changed since.
      const result = await inOneTransaction(tx.fork(), (own) => work(own, cache), {
        outer: tx.getTransactionContext(),
      });
      settles.push(() => resolve(result));
    } catch (error) {
      if (isUnavailable(error)) throw error;
      settles.push(() => reject(error));
      cache.clear(); // the locks of what it read are released
    }
  }
  return settles;
}

/**
 * Locks the rows of all members, the outermost first, in the order in which deletions lock them. A
 * member that locked the row of its task only in its turn could wait for the deletion of the task,
 * which waits for the project that an earlier member has locked.
 */
async function lockPaths(em: EntityManager, members: readonly Member[]): Promise<void> {
  const depth = Math.max(...members.map(({ path }) => path.length));
  for (let level = 0; level < depth; level++) {
    const rows = members.flatMap(({ path }) => path[level] ?? []);
    for (const [table, some] of Map.groupBy(rows, (row) => row.table)) {
      const ids = some.map(({ id }) => id);
      await lockRows(em, table, ids, 'key share'); // a member whose row is missing notices it itself
    }
  }
}

/**
 * The error for the members of a group that failed as a whole. After a commit that was sent and not
 * answered it is unknown whether they are stored: they must not run again.
 */
function toGroupError(cause: unknown, state: GroupState): unknown {
  const isRolledBack = state === 'running' || (state === 'committing' && cause instanceof DatabaseError);
  return isRolledBack ? new GroupRolledBackError(cause) : cause;
}

const isUnavailable = (error: unknown): boolean => error instanceof DatabaseUnavailableError;
