import { expect, test } from 'vitest';
import type { Log } from '../../src/context.ts';
import { type AttacheError, InsufficientStorage, StorageUnavailable, TooLarge } from '../../src/errors.ts';
import { errorAnswer } from '../../src/legacy/worksection/answer.ts';

test.each<[AttacheError, number, boolean]>([
  [new StorageUnavailable(), 13, true],
  [new InsufficientStorage(), 12, true],
  [new TooLarge('Too large.', 1), 12, false],
])('%s has the number %i; the operator is told of it: %s', (error, code, isTold) => {
  const told: unknown[] = [];
  const log = { error: (...args: unknown[]) => told.push(args) } as unknown as Log;
  expect(JSON.parse(errorAnswer(error, log).body)).toMatchObject({
    status: 'error',
    status_code: code,
    message_details: error.message,
  });
  expect(told).toHaveLength(isTold ? 1 : 0);
});
