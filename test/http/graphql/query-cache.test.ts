import { expect, test } from 'vitest';
import { QueryCache } from '../../../src/http/graphql/query-cache.ts';

test('the cache holds at most half a mebibyte of query text, and retains the most recently used query', () => {
  const cache = new QueryCache<number>();
  const query = (index: number) => `${index} `.padEnd(10_000, 'x');
  for (let index = 0; index < 2000; index++) {
    cache.set(query(index), index);
    expect(cache.get(query(0))).toBe(0);
  }
  const kept = Array.from({ length: 2000 }, (_, index) => index).filter((index) => cache.get(query(index)) === index);
  expect(kept.length).toBe(52);
  expect(kept.slice(0, 2)).toEqual([0, 1949]);
});

test('a query of one mebibyte is not cached and evicts nothing', () => {
  const cache = new QueryCache<string>();
  cache.set('{ viewer { id } }', 'parsed');
  cache.set('x'.repeat(1024 * 1024), 'an error');
  expect(cache.get('x'.repeat(1024 * 1024))).toBeUndefined();
  expect(cache.get('{ viewer { id } }')).toBe('parsed');
});
