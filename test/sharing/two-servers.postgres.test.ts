import { expect, test } from 'vitest';
import { startTestServer } from '../support/server.ts';
import { createUploadToken, uploadOne, usage } from './guests.ts';

test('concurrent uploads to two servers never exceed maxFiles', async () => {
  await using first = await startTestServer();
  await using second = await startTestServer({ DATA_DIR: first.dataDir });
  const { token, id } = await createUploadToken(first, { maxFiles: 5 });
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, index) => uploadOne(index % 2 ? first : second, token, `${index}.txt`)),
  );
  expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(5);
  expect(outcomes.filter((outcome) => outcome === 'INSUFFICIENT_STORAGE')).toHaveLength(15);
  expect(await usage(second, id)).toMatchObject({ usedFiles: 5 });
});
