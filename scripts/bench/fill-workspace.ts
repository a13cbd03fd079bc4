import type { Database } from '../../src/database/database.ts';

/** Users of the filled workspace, each of whom sees little of it. */
export const members = {
  'member of 1 project': { id: 101, memberships: 1 },
  'member of 20 projects': { id: 102, memberships: 20 },
  'member of 1,000 projects': { id: 103, memberships: 1000 },
  'on the access list of 1 contact': { id: 104, memberships: 0 },
  'uploader of 1 unattached file': { id: 105, memberships: 0 },
} as const;

/** Attachables of each kind for each file. */
const FILES_PER_PLACE = 10;
const FIRST_OPENED = 1_000_000_000;

/**
 * Fills the tables with `files` files that only others see: half of them in a project, and half on
 * private contacts. There are also as many tasks of that project as contacts, and as many projects.
 * Each project of the members has one task with one file.
 */
export async function fillWorkspace(database: Database, files: number): Promise<void> {
  const isPostgres = database.kind === 'postgres';
  const at = (ms: string) =>
    isPostgres ? `timestamptz '2026-01-01 00:00:00+00' + ${ms} * interval '1 ms'` : `1767225600000 + ${ms}`;
  const no = 'false';
  const numbers = (count: number) =>
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${Math.max(1, Math.floor(count))})`;
  const places = files / FILES_PER_PLACE;
  const insertFiles = (value: string, by: string, from: string, extra = { primary: 'true' }) => {
    const id = `(${value})`;
    return `insert into files (id, version_group, version, is_newest, has_primary, name, name_key, size, content_type, sha256,
       blob_key, available, created_from, created_by_id, created_at, updated_by_id, updated_at)
     ${from.startsWith('with') ? from.replace(/ from n$/, '') : ''}
     select ${id}, 'group ' || ${id}, 1, true, ${extra.primary}, 'file ' || ${id}, 'file ' || (${id} % 100003),
       ${id} % 997, 'text/plain', 'hash', 'key ' || ${id}, true, 'TASK_PANEL', ${by}, ${at(`${id} % 86400000`)}, ${by},
       ${at('0')} from ${from.startsWith('with') ? 'n' : from}`;
  };
  const attach = (where: string, type: string, on: string, project: string, task: string) =>
    `insert into attachments (file_id, on_type, on_id, available, is_primary, can_be_primary, is_public, project_id, task_id,
       created_at, name_key, size, attached_by_id, attached_at)
     select f.id, '${type}', ${on}, true, true, true, ${no}, ${project}, ${task}, f.created_at, f.name_key, f.size,
       f.created_by_id, f.created_at from files f where ${where}`;
  const user = (id: number) =>
    `insert into users (id, display_name, title, is_admin, created_at) values (${id}, 'U', '', ${no}, ${at('0')})`;
  const projects = (from: string, id: string) =>
    `insert into projects (id, title, description, created_by_id, created_at)
     ${from} select ${id}, 'P', '', 100, ${at('0')} from n`;
  const tasks = (from: string, id: string, project: string) =>
    `insert into tasks (id, project_id, title, title_key, description, created_by_id, created_at)
     ${from} select ${id}, ${project}, 'T', 't', '', 100, ${at('0')} from n`;
  const contacts = (from: string, id: string) =>
    `insert into contacts (id, display_name, is_company, is_private, share_type, created_by_id, created_at)
     ${from} select ${id}, 'C', ${no}, true, 'READ_WRITE', 100, ${at('0')} from n`;

  const statements = [
    user(100),
    projects(numbers(places), 'i'),
    tasks(numbers(places), 'i', '1'),
    contacts(numbers(places), 'i'),
    insertFiles('i', '100', `${numbers(files)} from n`),
    attach('f.id % 2 = 0', 'Task', '1', '1', '1'),
    attach('f.id % 2 = 1', 'Contact', `1 + f.id % ${Math.max(1, Math.floor(places))}`, 'null', 'null'),
  ];
  for (const { id, memberships } of Object.values(members)) {
    const first = FIRST_OPENED + id * 10_000;
    statements.push(user(id));
    if (memberships === 0) continue;
    const some = numbers(memberships);
    statements.push(
      projects(some, `${first} + i`),
      `insert into project_members (project_id, user_id, role) ${some} select ${first} + i, ${id}, 'EDITOR' from n`,
      tasks(some, `${first} + i`, `${first} + i`),
      insertFiles(`${first} + i`, '100', `${some} from n`),
      attach(`f.id > ${first} and f.id <= ${first + memberships}`, 'Task', 'f.id', 'f.id', 'f.id'),
    );
  }
  const listed = FIRST_OPENED + 104 * 10_000;
  const single = numbers(1);
  statements.push(
    contacts(single, `${listed}`),
    `insert into entity_access (entity_type, entity_id, user_id, access) values ('Contact', ${listed}, 104, 'READ')`,
    insertFiles(`${listed}`, '100', `${single} from n`),
    attach(`f.id = ${listed}`, 'Contact', `${listed}`, 'null', 'null'),
    insertFiles(`${listed + 10_000}`, '105', `${single} from n`, { primary: 'false' }),
  );
  for (const statement of statements) await database.em().execute(statement);
}
