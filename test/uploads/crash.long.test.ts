import { expect, test } from 'vitest';
import { crash } from '../../scripts/crash/crash.ts';
import { databaseEnv } from '../support/database.ts';
import { few } from '../support/length.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('no acknowledged upload is lost, torn or orphaned when the server is killed at random moments', {
  timeout: 300_000,
}, async () => {
  await using folder = await temporaryFolder('crash');
  const env = await databaseEnv(folder.path);
  const verdict = await crash({ dataDir: folder.path, rounds: few(2, 5), env });
  expect(verdict).toMatchObject({ lost: 0, torn: 0, orphans: 0 });
  expect(verdict.acknowledged).toBeGreaterThan(0);
});
