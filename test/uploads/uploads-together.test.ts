import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { auditEntries } from '../support/audit.ts';
import { ask } from '../support/client.ts';
import { placeOf } from '../support/database.ts';
import { cursorOf, readEvents } from '../support/events.ts';
import { names } from '../support/files.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/**
 * Uploads of one viewer to one place that arrive while others are stored share a transaction and
 * its statements. Each of them has the result that it would have alone.
 */

interface Payload {
  files: { id: string; name: string }[];
  errors: { index: number; filename: string; code: string }[];
  eventCursor: string;
}

const COUNT = 24;
/** Time for requests to arrive and to be queued. */
const QUEUE_MS = 500;

const mutation = `mutation ($taskId: ID!, $files: [Upload!]!) {
  result: uploadTaskFiles(input: { taskId: $taskId, files: $files }) {
    files { id name } errors { index filename code } eventCursor
  }
}`;

/** Uploads files, each with its name as its content, in one request of the given id. */
async function upload(server: TestServer, requestId: string, some: readonly string[]) {
  const form = new FormData();
  const variables = { taskId: 'Task:1', files: some.map(() => null) };
  form.set('operations', JSON.stringify({ query: mutation, variables }));
  form.set('map', JSON.stringify(Object.fromEntries(some.map((_, index) => [index, [`variables.files.${index}`]]))));
  for (const [index, name] of some.entries()) form.set(String(index), new File([name], name));
  const headers = { authorization: `Bearer ${server.key}`, 'x-request-id': requestId };
  const response = await fetch(server.graphqlUrl, { method: 'POST', headers, body: form });
  const { data, errors } = (await response.json()) as {
    data?: { result: Payload };
    errors?: { extensions: { code: string } }[];
  };
  return { requestId, result: data?.result, code: errors?.[0]?.extensions.code };
}

/**
 * Makes uploads wait for PostgreSQL for a while. SQLite would make the whole process wait; there,
 * uploads queue while the log is synced.
 */
async function holdWrites(server: TestServer): Promise<void> {
  const place = await placeOf(server.dataDir);
  if (place.kind === 'sqlite') return;
  const client = new Client(place.url);
  await client.connect();
  await client.query('begin; lock table files in exclusive mode');
  void pause(QUEUE_MS).then(() => client.end());
}

/** Sends uploads of one, two and three files at once. */
async function uploadTogether(server: TestServer, meanwhile: () => Promise<unknown> = async () => {}) {
  await holdWrites(server);
  const uploads = Array.from({ length: COUNT }, (_, index) =>
    upload(
      server,
      `request-${index}`,
      Array.from({ length: 1 + (index % 3) }, (_, file) => `file ${index}.${file}`),
    ),
  );
  await meanwhile();
  return Promise.all(uploads);
}

test('each upload gets its own files, its own audit entries, and the cursor of its own last event', async () => {
  await using server = await startTestServer();
  const after = await cursorOf(server, 'Task:1');
  const results = await uploadTogether(server);

  const stored = results.flatMap(({ result }) => result?.files ?? []);
  expect(stored).toHaveLength(COUNT * 2);
  for (const [index, { result }] of results.entries()) {
    const expected = Array.from({ length: 1 + (index % 3) }, (_, file) => `file ${index}.${file}`);
    expect(result).toMatchObject({ errors: [], files: expected.map((name) => ({ name })) });
  }
  expect((await names(server, 'Task:1')).toSorted()).toEqual(stored.map(({ name }) => name).toSorted());

  const events = await readEvents(server, 'Task:1', { after });
  expect(events.map(({ file }) => file.id).toSorted()).toEqual(stored.map(({ id }) => id).toSorted());
  for (const { result } of results) {
    const last = events.find(({ file }) => file.id === result?.files.at(-1)?.id);
    expect(result?.eventCursor).toBe(last?.cursor);
  }

  const requests = new Map(
    (await auditEntries(server, {}, 100)).map(({ targetId, requestId }) => [targetId, requestId]),
  );
  for (const { requestId, result } of results)
    for (const { id } of result?.files ?? []) expect(requests.get(id)).toBe(requestId);
});

test('a quota is never exceeded, and each file that does not fit is reported to its own request', async () => {
  await using server = await startTestServer();
  await ask(server, 'mutation { updateProject(input: { projectId: "Project:1", maxFiles: 15 }) { project { id } } }');
  const results = await uploadTogether(server);

  const stored = results.flatMap(({ result }) => result?.files ?? []);
  const failed = results.flatMap(({ result }) => result?.errors ?? []);
  expect(stored).toHaveLength(15);
  expect(failed).toHaveLength(COUNT * 2 - 15);
  expect(new Set(failed.map(({ code }) => code))).toEqual(new Set(['INSUFFICIENT_STORAGE']));
  for (const [index, { result }] of results.entries()) {
    for (const { name } of result?.files ?? []) expect(name).toMatch(new RegExp(`^file ${index}\\.`));
    for (const error of result?.errors ?? []) expect(error.filename).toBe(`file ${index}.${error.index}`);
  }
  expect((await names(server, 'Task:1')).toSorted()).toEqual(stored.map(({ name }) => name).toSorted());
});

test('uploads to a task that is deleted meanwhile are stored before it, or answer NOT_FOUND', async () => {
  await using server = await startTestServer();
  const results = await uploadTogether(server, () =>
    ask(server, 'mutation { deleteTask(input: { taskId: "Task:1" }) { deletedId } }'),
  );
  for (const [index, { result, code }] of results.entries())
    expect(result ? result.files.length === 1 + (index % 3) : code === 'NOT_FOUND').toBe(true);
});
