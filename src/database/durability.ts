import type { EntityManager } from './open.ts';

const settling = new WeakMap<object, () => Promise<void>>();

/** Says how it is known that what can be read is safe. To be called once, for the driver of a database that shows more than that. */
export function registerBarrier(driver: object, waitUntilDurable: () => Promise<void>): void {
  settling.set(driver, waitUntilDurable);
}

/**
 * Resolves when all that was read until now is safe from a power cut. For what is told to be there for ever: a cursor
 * beyond what survives would, later, stand for something else.
 */
export async function settled(em: EntityManager): Promise<void> {
  await settling.get(em.getDriver())?.();
}
