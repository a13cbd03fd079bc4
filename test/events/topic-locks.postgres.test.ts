import { expect, test } from 'vitest';
import { inOneTransaction } from '../../src/database/one-transaction.ts';
import { openDatabase } from '../../src/database/open.ts';
import { appendToLog } from '../../src/events/log-writer.ts';
import type { Topic } from '../../src/events/topic.ts';
import { createPostgresDatabase } from '../support/database.ts';

const entriesOf = (...topics: Topic[]) =>
  topics.map((topic) => ({ topic, type: 'FILE_ADDED' as const, at: new Date(), payload: {} }));

test('a transaction of several changes in a project does not deadlock with a change of a comment file', async () => {
  await using place = await createPostgresDatabase();
  await using database = await openDatabase(place);
  const [group, single] = [database.em(), database.em()];
  let other: Promise<unknown> | undefined;
  await inOneTransaction(group, async (em) => {
    await appendToLog(em, entriesOf('Task:3', 'Project:1'));
    other = inOneTransaction(single, (tx) => appendToLog(tx, entriesOf('Comment:5', 'Project:1')));
    other.catch(() => {}); // awaited below
    const waiting = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    await expect.poll(() => database.em().execute<unknown[]>(waiting)).toHaveLength(1);
    await appendToLog(em, entriesOf('Comment:5', 'Project:1'));
  });
  await other;
  const counted = await database.em().execute("select topic, seq from event_topics where topic <> '' order by topic");
  expect(counted).toEqual([
    { topic: 'Comment:5', seq: '2' },
    { topic: 'Project:1', seq: '3' },
    { topic: 'Task:3', seq: '1' },
  ]);
});
