import { expect } from 'vitest';

/** Expects that the moment lies between `since` and now. */
export function expectSince(since: number, moment: string | undefined): void {
  const at = Date.parse(moment ?? '');
  expect(at).toBeGreaterThanOrEqual(since);
  expect(at).toBeLessThanOrEqual(Date.now());
}
