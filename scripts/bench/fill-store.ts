import { randomUUID } from 'node:crypto';
import SqliteDatabase, { type Database } from 'better-sqlite3';

const PER_TRANSACTION = 100_000;

/**
 * Inserts files of `Task:1` with the ids from `from` to `count` into the database of a stopped
 * server, without blobs, which a list does not read. Returns the cursor of the middle file in each
 * order.
 */
export function fillStore(
  path: string,
  count: number,
  { from: first = 1 } = {},
): Record<'CREATED_AT' | 'NAME' | 'SIZE', string> {
  const db = new SqliteDatabase(path);
  db.pragma('synchronous = OFF');
  const restoreIndexes = dropIndexes(db);
  const started = Date.UTC(2026, 0, 1);
  const file = db.prepare(
    `insert into files (id, version_group, version, is_newest, name, name_key, size, content_type, sha256, blob_key, available,
       created_from, created_by_id, created_at, updated_by_id, updated_at)
     values (?, ?, 1, 1, ?, ?, ?, 'text/plain', ?, ?, 1, 'TASK_PANEL', 1, ?, 1, ?)`,
  );
  const attachment = db.prepare(
    `insert into attachments (id, file_id, on_type, on_id, is_primary, can_be_primary, project_id, task_id, created_at, name_key, size, attached_by_id,
       attached_at) values (?, ?, 'Task', 1, 1, 1, 1, 1, ?, ?, ?, 1, ?)`,
  );
  const insert = db.transaction((from: number, to: number) => {
    for (let id = from; id <= to; id++) {
      const at = started + id * 10;
      const name = nameOf(id);
      const size = sizeOf(id);
      file.run(id, randomUUID(), name, name, size, '0'.repeat(64), `2026/01/01/${id}`, at, at);
      attachment.run(id, id, at, name, size, at);
    }
  });
  for (let from = first; from <= count; from += PER_TRANSACTION)
    insert(from, Math.min(count, from + PER_TRANSACTION - 1));
  restoreIndexes();
  db.prepare(
    `insert into event_topics (topic, seq, files, drafts) values ('Task:1', 0, ?, 0)
     on conflict (topic) do update set files = excluded.files`,
  ).run(count);
  db.exec('analyze');
  db.close();
  const middle = Math.floor(count / 2);
  const cursor = (by: string, value: string | number) =>
    Buffer.from(JSON.stringify([[by, value, middle]])).toString('base64url');
  return {
    CREATED_AT: cursor('createdAt', started + middle * 10),
    NAME: cursor('nameKey', nameOf(middle)),
    SIZE: cursor('size', sizeOf(middle)),
  };
}

/** Drops the indexes of files and attachments: millions of rows are sorted faster than inserted. */
function dropIndexes(db: Database): () => void {
  const indexes = db
    .prepare<[], { name: string; sql: string }>(
      `select name, sql from sqlite_master where type = 'index' and sql is not null and tbl_name in ('files', 'attachments')`,
    )
    .all();
  for (const { name } of indexes) db.exec(`drop index "${name}"`);
  return () => {
    for (const { sql } of indexes) db.exec(sql);
  };
}

const nameOf = (id: number) => `file-${String(id).padStart(9, '0')}.txt`;
const sizeOf = (id: number) => 1000 + id;
