import { describe, expect, test } from 'vitest';
import { jsonChunks, jsonSize } from '../../../src/http/graphql/response-size.ts';

const written = (value: unknown) => Buffer.concat([...jsonChunks(value)]).toString();

const long = 'a "quoted" \\ text, with é, 漢 and 🚀\n'.repeat(20_000);

describe('a response written in chunks', () => {
  test.each([
    ['null', null],
    ['a text', 'x'],
    ['a long text', long],
    ['a text of emojis, cut between them', '🚀'.repeat(400_001)],
    ['a text that begins with half a character', `\ud83d${'x'.repeat(600_000)}`],
    ['lists and objects', { a: [1, true, null, { b: long }], c: undefined, d: {}, e: [], f: [long, long] }],
    ['many short ones', { nodes: Array.from({ length: 50_000 }, (_, id) => ({ id: `File:${id}`, name: 'é' })) }],
  ])('equals the output of JSON.stringify for %s', (_what, value) => {
    expect(JSON.parse(written(value))).toEqual(JSON.parse(JSON.stringify(value)));
    expect(written({ data: value })).toBe(JSON.stringify({ data: value }));
  });

  test('is serialized lazily, as its chunks are read', () => {
    const pieces = jsonChunks({ data: Array.from({ length: 1000 }, () => long) });
    for (let count = 0; count < 3; count++) expect((pieces.next().value as Buffer).length).toBeLessThan(3_000_000);
  });
});

describe('the estimated size of a response', () => {
  test.each([
    ['texts with signs that are escaped', { a: `"${'\u0001'.repeat(100_000)}` }],
    ['texts of many bytes a character', { a: '漢'.repeat(100_000), b: ['é'.repeat(100_000)] }],
    ['base64', { data: { file: { content: 'QUJD'.repeat(100_000) } } }],
  ])('is within one percent of its JSON for %s', (_what, value) => {
    const bytes = Buffer.byteLength(JSON.stringify(value));
    expect(jsonSize(value, Number.POSITIVE_INFINITY)).toBeGreaterThan(bytes * 0.99);
    expect(jsonSize(value, Number.POSITIVE_INFINITY)).toBeLessThan(bytes * 1.01);
  });

  test('is not counted beyond the limit', () => {
    let counted = 0;
    const text = () => {
      counted += 1;
      return 'text';
    };
    const long = new Proxy([], { get: (_list, key) => (key === 'length' ? 900 : text()) });
    expect(jsonSize(long, 1000)).toBeGreaterThan(1000);
    expect(counted).toBeLessThan(100);
  });
});
