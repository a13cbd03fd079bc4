import { expect, test } from 'vitest';
import { RecentlyUsed } from '../src/recently-used.ts';

const LENGTH = 100;
const keyOf = (index: number | string, length = LENGTH): string => `${index} `.padEnd(length, 'x');

/** Those of so many keys that have a value. */
const kept = (cache: RecentlyUsed<number>, count: number): number[] =>
  Array.from({ length: count }, (_, index) => index).filter((index) => cache.get(keyOf(index)) === index);

test('the last keys are kept, at most twice their characters, and the one that is used again', () => {
  const cache = new RecentlyUsed<number>(10 * LENGTH);
  for (let index = 0; index < 200; index++) {
    cache.set(keyOf(index), index);
    expect(cache.get(keyOf(0))).toBe(0);
  }
  const found = kept(cache, 200);
  expect(found.length).toBeGreaterThan(10);
  expect(found.length).toBeLessThanOrEqual(20);
  expect(found[0]).toBe(0);
  expect(found.slice(1)).toEqual(Array.from({ length: found.length - 1 }, (_, at) => 201 - found.length + at));
});

test('a key replaces as many characters of others as it has', () => {
  const cache = new RecentlyUsed<number>(16 * LENGTH);
  cache.set(keyOf(0), 0);
  for (let index = 0; index < 10; index++) cache.set(keyOf(`short ${index}`), index);
  expect(cache.get(keyOf(0))).toBe(0);
  for (let index = 0; index < 16; index++) cache.set(keyOf(`long ${index}`, 2 * LENGTH), index);
  expect(cache.get(keyOf(0))).toBeUndefined();
});

test('a value that is set again takes no more room', () => {
  const cache = new RecentlyUsed<number>(10 * LENGTH);
  cache.set(keyOf(0), 0);
  for (let index = 0; index < 100; index++) cache.set(keyOf(1), index);
  expect(cache.get(keyOf(1))).toBe(99);
  expect(cache.get(keyOf(0))).toBe(0);
});

test('the value of a key that is very long is not kept, and replaces none', () => {
  const cache = new RecentlyUsed<number>(8 * LENGTH);
  cache.set(keyOf(0), 0);
  for (let index = 0; index < 100; index++) cache.set(keyOf(`${index}`, LENGTH + 1), index);
  expect(cache.get(keyOf('99', LENGTH + 1))).toBeUndefined();
  expect(cache.get(keyOf(0))).toBe(0);
});
