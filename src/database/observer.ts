import type { EntityManager } from './database.ts';

/** Observes transactions. Its functions are fast, and never throw. */
export interface DatabaseObserver {
  /** A commit is durable: how many transactions shared it, and how long it took. */
  committed?(transactions: number, durationMs: number): void;
  /** A transaction begins. The result is called when it has ended. */
  began?(): () => void;
}

const observers = new WeakMap<object, DatabaseObserver>();

/** Registers the observer of the transactions on a driver of MikroORM, once. */
export const registerObserver = (driver: object, observer: DatabaseObserver): void =>
  void observers.set(driver, observer);

/** The observer of the driver behind a unit of work; undefined when none is registered. */
export const observerOf = (em: EntityManager): DatabaseObserver | undefined => observers.get(em.getDriver());
