import type { EntityManager } from './database.ts';

const barriers = new WeakMap<object, () => Promise<void>>();

/**
 * Registers, once, how to wait for durability with a driver that lets others read what a power cut
 * may still undo.
 */
export function registerBarrier(driver: object, waitUntilDurable: () => Promise<void>): void {
  barriers.set(driver, waitUntilDurable);
}

/**
 * Resolves when everything read until now is safe from a power cut. Await it before a cursor is
 * given out: one beyond what survives would later stand for something else.
 */
export async function waitUntilDurable(em: EntityManager): Promise<void> {
  await barriers.get(em.getDriver())?.();
}
