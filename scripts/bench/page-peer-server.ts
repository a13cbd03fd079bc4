/**
 * A server with Yoga and hand-written SQL that lists the files of a task, and checks the same
 * rights as Attaché: the key of a user, a member of the project, drafts for editors and their
 * uploader. It has 1,000 files.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { createSchema, createYoga } from 'graphql-yoga';

const FILES = 1000;

const database = new SqliteDatabase(join(process.env.DATA_DIR as string, 'peer.db'));
database.pragma('journal_mode = WAL');
database.exec(`
  create table users (id integer primary key, display_name text, is_admin integer);
  create table api_keys (hash text primary key, user_id integer);
  create table project_members (project_id integer, user_id integer, role text, primary key (project_id, user_id));
  create table tasks (id integer primary key, project_id integer, title text);
  create table files (id integer primary key, task_id integer, name text, size integer, content_type text, sha256 text,
    version integer, available integer, created_at text, created_by_id integer);
  create index files_of_task on files (task_id, created_at, id);
`);
const hashOf = (key: string) => createHash('sha256').update(key).digest('hex');
database.prepare("insert into users values (1, 'Ada Lovelace', 0)").run();
database.prepare('insert into api_keys values (?, 1)').run(hashOf(process.env.ATTACHE_ADMIN_KEY as string));
database.prepare("insert into project_members values (1, 1, 'EDITOR')").run();
database.prepare("insert into tasks values (1, 1, 'A task')").run();
const insert = database.prepare('insert into files values (?, 1, ?, 10240, ?, ?, 1, 1, ?, 1)');
database.transaction(() => {
  for (let id = 1; id <= FILES; id++)
    insert.run(id, `file-${id}.bin`, 'application/octet-stream', hashOf(`${id}`), new Date(id * 1000).toISOString());
})();

const findUser = database.prepare(
  'select u.id, u.is_admin from api_keys k join users u on u.id = k.user_id where k.hash = ?',
);
const findTask = database.prepare(
  `select t.id, m.role from tasks t left join project_members m on m.project_id = t.project_id and m.user_id = ?
   where t.id = ? and (? or m.role is not null)`,
);
const findFiles = database.prepare(
  `select f.*, u.display_name from files f join users u on u.id = f.created_by_id
   where f.task_id = ? and (f.available or ? or f.created_by_id = ?) order by f.created_at, f.id limit ?`,
);

interface User {
  id: number;
  is_admin: number;
}
interface Task {
  id: number;
  role: string | null;
}
interface FileRow {
  id: number;
  content_type: string;
  created_at: string;
  display_name: string;
}

const typeDefs = /* GraphQL */ `
  scalar DateTime
  type User { displayName: String! }
  type File {
    id: ID! name: String! size: Float! contentType: String! sha256: String! url: String! version: Int!
    createdAt: DateTime! createdBy: User!
  }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type FileConnection { nodes: [File!]! pageInfo: PageInfo! }
  type Task { files(first: Int!): FileConnection! }
  type Query { task(id: ID!): Task }
`;
const resolvers = {
  Query: {
    task: (_root: unknown, { id }: { id: string }, { user }: { user: User }) =>
      findTask.get(user.id, Number(id.slice('Task:'.length)), user.is_admin),
  },
  Task: {
    files(task: Task, { first }: { first: number }, { user }: { user: User }) {
      const editor = Number(task.role === 'EDITOR');
      const found = findFiles.all(task.id, editor, user.id, first + 1) as FileRow[];
      const nodes = found.slice(0, first);
      const last = nodes.at(-1);
      const endCursor = last ? Buffer.from(JSON.stringify([last.created_at, last.id])).toString('base64url') : null;
      return { nodes, pageInfo: { hasNextPage: found.length > first, endCursor } };
    },
  },
  File: {
    id: ({ id }: FileRow) => `File:${id}`,
    contentType: (file: FileRow) => file.content_type,
    createdAt: (file: FileRow) => file.created_at,
    url: ({ id }: FileRow) => `/files/${id}/content`,
    createdBy: (file: FileRow) => ({ displayName: file.display_name }),
  },
};

const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers }),
  logging: false,
  context({ request }) {
    const key = request.headers.get('authorization')?.slice('Bearer '.length) ?? '';
    const user = findUser.get(hashOf(key));
    if (!user) throw new Error('The key is unknown.');
    return { user };
  },
});
const server = createServer(yoga).listen(0, '127.0.0.1', () => {
  console.log(`listens at http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);
});
process.on('SIGTERM', () => process.exit(0));
