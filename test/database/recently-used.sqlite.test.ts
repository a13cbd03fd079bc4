import { expect, test } from 'vitest';
import { RecentlyUsed } from '../../src/database/recently-used.ts';

test('a value is created once while its key is among the last ones', () => {
  const values = new RecentlyUsed<string>(3);
  const created: string[] = [];
  const create = (key: string) => {
    created.push(key);
    return key.toUpperCase();
  };
  const get = (key: string) => values.get(key, create);
  for (const key of ['a', 'b', 'c', 'a', 'd', 'a', 'b']) expect(get(key)).toBe(key.toUpperCase());
  expect(created).toEqual(['a', 'b', 'c', 'd']);
  for (let index = 0; index < 10; index++) get(`${index}`);
  get('a');
  expect(created.filter((key) => key === 'a')).toHaveLength(2);
});

test('the value of a key that is very long is not kept', () => {
  const values = new RecentlyUsed<object>(3);
  const get = (key: string) => values.get(key, () => ({}));
  expect(get('short')).toBe(get('short'));
  const long = 'x'.repeat(100_000);
  expect(get(long)).not.toBe(get(long));
});
