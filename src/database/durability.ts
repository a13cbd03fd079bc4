import type { EntityManager } from './database.ts';
import type { CommittedCallback } from './write-transaction.ts';

/** The durability of a driver that lets others read what a power cut may still undo. */
interface Durability {
  waitUntilDurable(): Promise<void>;
  /** Calls back when the transaction is committed; see `WriteTransaction.onCommitted`. */
  onCommitted(transaction: unknown, callback: CommittedCallback): void;
}

const durabilities = new WeakMap<object, Durability>();

/** Registers the durability of a driver, once. */
export function registerDurability(driver: object, durability: Durability): void {
  durabilities.set(driver, durability);
}

/**
 * Resolves when everything read until now is safe from a power cut. Await it before a cursor is
 * given out: one beyond what survives would later stand for something else.
 */
export async function waitUntilDurable(em: EntityManager): Promise<void> {
  await durabilities.get(em.getDriver())?.waitUntilDurable();
}

/**
 * Calls back when the transaction of the unit of work is committed, and maybe not safe from a power
 * cut yet: `durable` fulfils when it is. Does not call where a commit is safe when it returns, nor
 * for a transaction within another one.
 */
export function whenCommitted(em: EntityManager, callback: CommittedCallback): void {
  durabilities.get(em.getDriver())?.onCommitted(em.getTransactionContext(), callback);
}
