import { inject, type TestOptions, test } from 'vitest';

/** Whether this is the full run, `npm run test:full`. */
export const isFull = inject('full');

/**
 * The number of cases of a `*.long.test.ts`: `short` in `npm test`, `full` in `npm run test:full`.
 */
export const few = (short: number, full: number): number => (isFull ? full : short);

/** A test that only `npm run test:full` has. */
export const testInFull = (isFull ? test : () => {}) as TestWithName;

interface TestWithName {
  (name: string, run: () => Promise<void>): void;
  (name: string, options: TestOptions, run: () => Promise<void>): void;
}
