import { expect, test } from 'vitest';
import type { Log } from '../../src/context.ts';
import {
  type AttacheError,
  InsufficientStorageError,
  PayloadTooLargeError,
  StorageUnavailableError,
} from '../../src/errors.ts';
import { errorResponse } from '../../src/legacy/worksection/response.ts';

test.each<[AttacheError, number, boolean]>([
  [new StorageUnavailableError(), 13, true],
  [new InsufficientStorageError(), 12, true],
  [new PayloadTooLargeError('Too large.', 1), 12, false],
])('%s has the status code %i, and is logged as an error: %s', (error, code, isLogged) => {
  const logged: unknown[] = [];
  const log = { error: (...args: unknown[]) => logged.push(args) } as unknown as Log;
  expect(JSON.parse(errorResponse(error, log).body)).toMatchObject({
    status: 'error',
    status_code: code,
    message_details: error.message,
  });
  expect(logged).toHaveLength(isLogged ? 1 : 0);
});
