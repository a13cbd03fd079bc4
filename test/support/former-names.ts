import { kind, runSql } from './database.ts';

const indexes = [
  ['user_id_index', 'index', 'user_id'],
  ['blob_key_unique', 'unique index', 'blob_key'],
  ['file_id_index', 'index', 'file_id'],
  ['expires_at_index', 'index', 'expires_at'],
  ['user_id_is_finished_index', 'index', 'user_id, is_finished'],
  ['part_of_id_index', 'index', 'part_of_id'],
] as const;
const constraints = ['pkey', 'blob_key_unique', 'user_id_foreign', 'file_id_foreign', 'part_of_id_foreign'];

/** Reverts migration 0016, for tests of earlier migrations, which use the former table names. */
export async function restoreFormerNames(dataDir: string): Promise<void> {
  const ofSqlite = indexes.flatMap(([name, type, columns]) => [
    `drop index resumable_uploads_${name}`,
    `create ${type} unfinished_uploads_${name} on unfinished_uploads (${columns})`,
  ]);
  const ofPostgres = [
    ...constraints.map(
      (name) =>
        `alter table unfinished_uploads rename constraint resumable_uploads_${name} to unfinished_uploads_${name}`,
    ),
    ...indexes
      .filter(([, type]) => type === 'index')
      .map(([name]) => `alter index resumable_uploads_${name} rename to unfinished_uploads_${name}`),
    'alter table files rename constraint files_version_group_version_unique to files_chain_version_unique',
  ];
  for (const sql of [
    'drop index resumable_uploads_user_id_is_finished_started_at_id_index',
    'alter table resumable_uploads drop column started_at',
    'create index resumable_uploads_user_id_is_finished_index on resumable_uploads (user_id, is_finished)',
    "delete from migrations where name like '0026%'",
    'alter table resumable_uploads rename to unfinished_uploads',
    ...(kind === 'sqlite'
      ? [
          ...ofSqlite,
          'drop index files_version_group_version_unique',
          'create unique index files_chain_version_unique on files (version_group, version)',
        ]
      : ofPostgres),
    'alter table files rename column version_group to chain',
    'alter table attachments rename column is_primary to is_home',
    'alter table attachments rename column can_be_primary to can_be_home',
    "delete from migrations where name like '0016%'",
  ])
    await runSql(dataDir, sql);
}
