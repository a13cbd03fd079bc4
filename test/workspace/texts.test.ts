import { expect, test } from 'vitest';
import { BadUserInputError } from '../../src/errors.ts';
import { assertTexts } from '../../src/workspace/texts.ts';

test('a text that is too long is refused by the domain, whichever transport it came by', () => {
  assertTexts({ title: 'x'.repeat(500), description: 'x'.repeat(100_000), body: undefined });
  for (const [name, length] of [
    ['title', 501],
    ['displayName', 501],
    ['body', 100_001],
    ['content', 100_001],
  ] as const)
    expect(() => assertTexts({ [name]: 'x'.repeat(length) })).toThrow(BadUserInputError);
  expect(() => assertTexts({ description: 'x'.repeat(100_001) })).toThrow(
    'The description may have at most 100,000 characters.',
  );
});
