import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { ask, executeWithFiles } from '../support/client.ts';
import { placeOf } from '../support/database.ts';
import { cursorOf, readEvents } from '../support/events.ts';
import { names, tryUploadFiles, uploadFile } from '../support/files.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/**
 * Uploads that wait in one process share a transaction of PostgreSQL. Those that differ in nothing
 * but their files are one of its members together: see `uploads-together.test.ts`.
 */

/** Options by which uploads differ, so that each of a few is a member of its own. */
const optionsOf = (index: number) => ({
  status: ['PENDING', 'APPROVED', 'REQUIRED'][index % 3] as string,
  createdFrom: ['FEEDBACK', 'REWORK', 'TASK_PANEL'][Math.floor(index / 3) % 3] as string,
});

interface Holder extends AsyncDisposable {
  client: Client;
  /** Resolves when `count` transactions wait for a lock. */
  waiting(count: number): Promise<void>;
  release(): Promise<void>;
}

/** Holds the topic of an attachable, so that an upload to it waits just before its commit. */
async function holdTopic(server: TestServer, topic: string): Promise<Holder> {
  const place = await placeOf(server.dataDir);
  const client = new Client('url' in place ? place.url : '');
  await client.connect();
  await client.query(`insert into event_topics (topic, seq) values ('${topic}', 0) on conflict do nothing`);
  await client.query('begin');
  await client.query(`select 1 from event_topics where topic = '${topic}' for update`);
  const countWaiting = async () => {
    // In a transaction, PostgreSQL otherwise shows only connections that were there before.
    await client.query('select pg_stat_clear_snapshot()');
    const { rows } = await client.query(`select count(*)::int as count from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`);
    return rows[0].count;
  };
  return {
    client,
    waiting: (expected) => expect.poll(countWaiting).toBe(expected),
    release: async () => void (await client.query('commit')),
    [Symbol.asyncDispose]: () => client.end(),
  };
}

/**
 * Uploads to a task that is held: one that waits with its commit, and one that waits for it. All
 * others that arrive then are the next group of the project.
 */
async function uploadBefore(server: TestServer, holder: Holder): Promise<{ done: Promise<unknown> }> {
  const first = uploadFile(server, 'Task:2', 'first');
  await holder.waiting(1);
  const second = uploadFile(server, 'Task:2', 'second', { status: 'PENDING' });
  await holder.waiting(2);
  return { done: Promise.all([first, second]) };
}

/** Time for requests to arrive and to be queued. Those that come later are a group of their own. */
const QUEUE_MS = 500;

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `file ${index}`);

const transactionsOf = async ({ client }: Holder, topic: string): Promise<number> =>
  (await client.query('select count(distinct xid)::int as count from event_log where topic = $1', [topic])).rows[0]
    .count;

test('uploads to one task that arrive together share a commit, and their events are in order', async () => {
  await using server = await startTestServer();
  const after = await cursorOf(server, 'Task:1');
  await using holder = await holdTopic(server, 'Task:2');
  const before = await uploadBefore(server, holder);
  const uploads = numbered(12).map((name, index) => uploadFile(server, 'Task:1', name, optionsOf(index)));
  await pause(QUEUE_MS);
  await holder.release();
  await before.done;
  const stored = await Promise.all(uploads);

  expect((await names(server, 'Task:1')).sort()).toEqual(numbered(12).sort());
  const events = await readEvents(server, 'Task:1', { after });
  expect(events.map(({ file }) => file.id).sort()).toEqual(stored.map(({ id }) => id).sort());
  const { rows } = await holder.client.query(
    `select seq::int as seq from event_log where topic = 'Task:1' order by id`,
  );
  expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1));
  expect(await transactionsOf(holder, 'Task:1')).toBeLessThan(4);
});

test('an upload of a group that fails, fails alone and with its own error', async () => {
  await using server = await startTestServer();
  const person = await newPerson(server, 'Former member', { role: 'EDITOR' });
  await using holder = await holdTopic(server, 'Task:2');
  const { createTask } = await ask<{ createTask: { task: { id: string } } }>(
    server,
    'mutation { createTask(input: { projectId: "Project:1", title: "T" }) { task { id } } }',
  );
  const removed = createTask.task.id;
  const withKey = (name: string) =>
    executeWithFiles<{ uploadTaskFiles: { files: { id: string }[] } }>(
      server,
      `mutation ($files: [Upload!]!) {
        uploadTaskFiles(input: { taskId: "Task:1", idempotencyKey: "k", files: $files }) { files { id } }
      }`,
      {},
      [{ name, content: name }],
    );
  await ask(server, 'mutation { updateProject(input: { projectId: "Project:1", maxBytes: 100 }) { project { id } } }');

  const before = await uploadBefore(server, holder);
  const early = uploadFile(server, 'Task:1', 'early');
  const forbidden = tryUploadFiles(server, 'Task:1', ['forbidden'], {}, person.key);
  const tooLarge = tryUploadFiles(server, 'Task:1', [{ name: 'too large', content: 'x'.repeat(200) }]);
  const gone = tryUploadFiles(server, removed, ['gone']);
  const sameKey = [withKey('one'), withKey('one'), withKey('other')];
  await pause(QUEUE_MS);
  const after = uploadFile(server, 'Task:1', 'after');
  await pause(QUEUE_MS);
  await holder.client.query('delete from project_members where user_id = $1', [Number(person.id.split(':')[1])]);
  await ask(server, `mutation { deleteTask(input: { taskId: "${removed}" }) { deletedId } }`);
  await holder.release();

  await before.done;
  await early;
  await after;
  expect((await forbidden).errors?.[0]?.extensions.code).toMatch(/NOT_FOUND|FORBIDDEN/);
  expect((await tooLarge).data?.result.errors[0]?.code).toBe('INSUFFICIENT_STORAGE');
  expect((await gone).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  const keyed = await Promise.all(sameKey);
  const ids = keyed.flatMap(({ data }) => data?.uploadTaskFiles.files.map(({ id }) => id) ?? []);
  const conflicts = keyed.filter(({ errors }) => errors?.[0]?.extensions.code === 'CONFLICT');
  expect(new Set(ids).size).toBe(1);
  expect(ids.length + conflicts.length).toBe(3);
  expect(conflicts.length).toBeGreaterThan(0);
  const listed = await names(server, 'Task:1');
  expect(listed.toSorted()).toEqual(['after', 'early', ids.length === 2 ? 'one' : 'other']);
});

test('a broken connection in the middle of a group loses no acknowledged upload, and doubles none', async () => {
  await using server = await startTestServer();
  await using holder = await holdTopic(server, 'Task:2');
  await using second = await holdTopic(server, 'Task:1');
  const before = await uploadBefore(server, holder);
  const uploads = numbered(8).map((name, index) => tryUploadFiles(server, 'Task:1', [name], optionsOf(index)));
  await pause(QUEUE_MS);
  await holder.release();
  await before.done;

  // Now the group waits for the topic, in the transaction of its first member.
  await second.waiting(1);
  await second.client.query('select pg_stat_clear_snapshot()');
  await second.client.query(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`);
  await pause(QUEUE_MS);
  await second.release();
  const results = await Promise.all(uploads);
  const acknowledged = results.flatMap(({ data }) => data?.result.files.map(({ name }) => name) ?? []);
  const listed = await names(server, 'Task:1');
  expect(new Set(listed).size).toBe(listed.length);
  expect(listed).toEqual(expect.arrayContaining(acknowledged));
  expect(acknowledged.toSorted()).toEqual(numbered(8));
  const failures = results.flatMap(({ errors }) => errors?.map(({ extensions }) => extensions.code) ?? []);
  expect(failures).toEqual([]);
});

test('a task that is deleted while a group uploads to it and to another one fails no other upload', async () => {
  await using server = await startTestServer();
  await uploadFile(server, 'Task:2', 'kept until the deletion');
  await using holder = await holdTopic(server, 'Task:2');
  await using second = await holdTopic(server, 'Task:1');
  const before = await uploadBefore(server, holder);
  const uploads = numbered(4).map((name, index) => tryUploadFiles(server, 'Task:1', [name], optionsOf(index)));
  const toDeleted = numbered(4).map((name, index) => tryUploadFiles(server, 'Task:2', [name], optionsOf(index)));
  await pause(QUEUE_MS);
  await holder.release();
  await before.done;
  await second.waiting(1);
  const deleting = ask(server, 'mutation { deleteTask(input: { taskId: "Task:2" }) { deletedId } }');
  await second.waiting(2);
  await second.release();

  expect(await deleting).toEqual({ deleteTask: { deletedId: 'Task:2' } });
  for (const { data } of await Promise.all(uploads)) expect(data?.result.files).toHaveLength(1);
  for (const { data, errors } of await Promise.all(toDeleted))
    expect(data?.result.files.length === 1 || errors?.[0]?.extensions.code === 'NOT_FOUND').toBe(true);
  expect((await names(server, 'Task:1')).toSorted()).toEqual(numbered(4));
});
