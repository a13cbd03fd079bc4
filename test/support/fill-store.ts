import { kind, runSql } from './database.ts';

/** SQL for a time, in seconds after the first, in the format of the database. */
const at = (seconds: string) =>
  kind === 'sqlite'
    ? `1767225600000 + ${seconds} * 1000`
    : `timestamptz '2026-01-01 00:00:00+00' + ${seconds} * interval '1 second'`;
/** PostgreSQL also stores the id of the transaction that wrote an event. */
const transaction =
  kind === 'sqlite' ? { column: '', value: '' } : { column: ', xid', value: ', (100 + i)::text::xid8' };
const numbers = (count: number) => `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count})`;

/**
 * Fills the tables as real use would: `files` files at `Task:1`, every fifth with an older version,
 * some not available, and the events of the task and its project. It writes only rows and no blobs.
 */
export async function fillStore(dataDir: string, files: number): Promise<void> {
  const statements = [
    // The older version of every fifth file, then the newest version of each.
    ...[
      { version: '1', isNewest: 'false', where: 'where i % 5 = 0', place: 'i' },
      { version: 'case when i % 5 = 0 then 2 else 1 end', isNewest: 'true', where: '', place: `${files} + i` },
    ].map(
      ({ version, isNewest, where, place }) => `insert into files
        (version_group, version, is_newest, name, name_key, size, content_type, sha256, blob_key, available, created_from,
         created_by_id, created_at, updated_by_id, updated_at)
        ${numbers(files)}
        select 'version_group-' || i, ${version}, ${isNewest}, 'File ' || i || '.txt', 'file ' || i || '.txt', 1000 + i % 997,
          'text/plain', 'hash-' || i, 'key-' || ${place}, i % 500 <> 0, 'TASK_PANEL',
          1, ${at('i')}, 1, ${at('i')} from n ${where}`,
    ),
    `insert into attachments (file_id, on_type, on_id, available, is_primary, can_be_primary, project_id, task_id, created_at,
       name_key, size, attached_by_id, attached_at)
     select f.id, 'Task', 1, f.available, true, true, 1, 1, f.created_at, f.name_key, f.size, 1, f.created_at
       from files f where f.is_newest = true`,
    ...['Task:1', 'Project:1'].map(
      (topic) => `insert into event_log (topic, seq, type, at, payload${transaction.column})
        ${numbers(2 * files)} select '${topic}', i, 'FILE_ADDED', 1767225600000 + i, '{}'${transaction.value} from n`,
    ),
    `insert into event_topics (topic, seq) ${numbers(5000)} select 'Comment:' || i, 1 from n`,
    `insert into event_topics (topic, seq, files, drafts)
     values ('Task:1', ${2 * files}, ${files}, ${Math.floor(files / 500)}), ('Project:1', ${2 * files}, 0, 0)`,
  ];
  for (const statement of statements) await runSql(dataDir, statement);
}
