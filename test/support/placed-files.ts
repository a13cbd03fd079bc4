import SqliteDatabase from 'better-sqlite3';
import { Client } from 'pg';
import { expect } from 'vitest';
import { BY_A_TEST, placeOf } from './database.ts';

/** Places whose stored count of files differs from the count of their rows. */
const differences = `
  select counted.place, counted.files, counted.drafts, t.files as "keptFiles", t.drafts as "keptDrafts" from (
    select a.on_type || ':' || a.on_id as place, count(*) as files, count(case when f.available = false then 1 end) as drafts
      from attachments a join files f on f.id = a.file_id group by a.on_type, a.on_id
  ) counted left join event_topics t on t.topic = counted.place
  where t.topic is null or t.files <> counted.files or t.drafts <> counted.drafts
  union all
  select t.topic, 0, 0, t.files, t.drafts from event_topics t where (t.files <> 0 or t.drafts <> 0)
    and not exists (select 1 from attachments a where a.on_type || ':' || a.on_id = t.topic)`;

/** Expects that the stored count of files of every place equals the count of its rows. */
export async function expectPlacedFilesKept(dataDir: string): Promise<void> {
  const place = await placeOf(dataDir);
  const sql = `${differences}\n${BY_A_TEST}`;
  const rows = 'file' in place ? inSqlite(place.file, sql) : await inPostgres(place.url, sql);
  expect(rows, 'counts of files that differ from those kept').toEqual([]);
}

// Every test server runs this query once. A driver opens in a tenth of the time of an ORM.

function inSqlite(file: string, sql: string): unknown[] {
  const database = new SqliteDatabase(file, { fileMustExist: true });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

async function inPostgres(url: string, sql: string): Promise<unknown[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
