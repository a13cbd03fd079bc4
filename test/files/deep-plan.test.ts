import { expect, test } from 'vitest';
import { kind, runSql } from '../support/database.ts';
import { list } from '../support/files.ts';
import { startTestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';

/** Returns the query plan of a statement, one line for each step. */
async function planOf(dataDir: string, sql: string): Promise<string[]> {
  const explain = kind === 'sqlite' ? 'explain query plan' : 'explain (generic_plan)';
  const steps = await runSql<object>(dataDir, `${explain} ${sql.replaceAll('?', '1')}`);
  return steps.map((step) => String(Object.values(step).at(-1)));
}

/**
 * A list of 5,000 files took twelve seconds when the plan searched for each one among all
 * attachments of the task.
 */
test.each([
  ['Task:1', 'COMMENTS'],
  ['Project:1', 'TASKS'],
])('a list of %s with nested attachables looks up the attachments of each file by its file_id', async (on, include) => {
  await using server = await startTestServer();
  const sent = await statementsOf(() => list(server, on, `first: 100, include: ${include}`));
  const deep = sent.filter((sql) => sql.includes('not exists'));
  expect(deep).toHaveLength(2); // the page and its count
  for (const sql of deep) {
    const plan = await planOf(server.dataDir, sql);
    const index = kind === 'sqlite' ? '(file_id=?' : 'Index Cond: (file_id = ';
    expect(plan.filter((step) => step.includes(index))).toHaveLength(1);
    // Without a SubPlan, PostgreSQL may plan a join that compares every pair.
    if (kind === 'postgres') expect(plan.join('\n')).toContain('SubPlan');
  }
});
