import { randomUUID } from 'node:crypto';
import SqliteDatabase from 'better-sqlite3';

/**
 * Inserts `count` files of `Task:1` into the database of a stopped server, without blobs, which a
 * list does not read. Returns the cursor of the middle file in each order.
 */
export function fillStore(path: string, count: number): Record<'CREATED_AT' | 'NAME' | 'SIZE', string> {
  const db = new SqliteDatabase(path);
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
  db.transaction(() => {
    for (let id = 1; id <= count; id++) {
      const at = started + id * 10;
      const name = nameOf(id);
      const size = sizeOf(id);
      file.run(id, randomUUID(), name, name, size, '0'.repeat(64), `2026/01/01/${id}`, at, at);
      attachment.run(id, id, at, name, size, at);
    }
  })();
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

const nameOf = (id: number) => `file-${String(id).padStart(9, '0')}.txt`;
const sizeOf = (id: number) => 1000 + id;
