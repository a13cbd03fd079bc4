import { expect, test } from 'vitest';
import { runSql } from '../support/database.ts';
import { startTestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';
import { list } from './requests.ts';

/** A list of 5,000 files took twelve seconds when each was looked for among all that hang in the same task. */
test.each([
  ['Task:1', 'COMMENTS'],
  ['Project:1', 'TASKS'],
])('a list of %s with what is inside looks up where each file hangs by the file alone', async (on, include) => {
  await using server = await startTestServer();
  const sent = await statementsOf(() => list(server, on, `first: 100, include: ${include}`));
  const deep = sent.filter((sql) => sql.includes('not exists'));
  expect(deep).toHaveLength(2); // a page, and how many there are
  for (const sql of deep) {
    const plan = await runSql<{ detail: string }>(server.dataDir, `explain query plan ${sql.replaceAll('?', '1')}`);
    const steps = plan.map(({ detail }) => detail).filter((detail) => /\bother\b/.test(detail));
    expect(steps).toEqual([expect.stringContaining('(file_id=?')]);
  }
});
