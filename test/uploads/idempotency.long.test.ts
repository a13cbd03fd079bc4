import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { executeWithFiles, type Part } from '../support/client.ts';
import { kind, runSql } from '../support/database.ts';
import { testInFull } from '../support/length.ts';
import { newPerson } from '../support/people.ts';
import { startProcess } from '../support/process.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Answer {
  uploaded: {
    files: { id: string }[];
    fileEdges: { node: { id: string } }[];
    eventCursor: string;
    filesCount: number;
    errors: { index: number; filename: string; code: string }[];
  };
}

const upload = parse(`
  mutation ($taskId: ID!, $key: String!, $files: [Upload!]!, $available: Boolean, $parentId: ID) {
    uploaded: uploadTaskFiles(
      input: { taskId: $taskId, idempotencyKey: $key, files: $files, available: $available, parentId: $parentId }
    ) {
      files { id }
      fileEdges { cursor node { id } }
      eventCursor
      filesCount
      errors { index filename code message }
    }
  }
`);
const count = parse('{ task(id: "Task:1") { files { totalCount } } tasks { totalCount } }');
const notes: Part = { name: 'notes.txt', content: 'some notes' };

const send = (server: TestServer, key: string, parts: Part[] = [notes], more = {}, user = server.key) =>
  executeWithFiles<Answer>(server, upload, { taskId: 'Task:1', key, ...more }, parts, user);

async function filesOf(server: TestServer): Promise<number> {
  const { data } = await server.query(count as never);
  return (data as unknown as { task: { files: { totalCount: number } } }).task.files.totalCount;
}

describe('a request repeated with the same idempotency key', () => {
  test('returns the first response of an upload and stores nothing twice', async () => {
    await using server = await startTestServer();
    const before = await filesOf(server);
    const parts = [notes, { name: 'more.txt', content: 'more' }];
    const first = await send(server, 'a key', parts);
    await send(server, 'another key', [{ name: 'between.txt', content: 'x' }]);
    const again = await send(server, 'a key', parts);
    expect(first.data?.uploaded.files).toHaveLength(2);
    expect(again.data?.uploaded).toEqual({ ...first.data?.uploaded, filesCount: before + 3 });
    const { staging, blobs } = await server.stored();
    expect([staging.length, blobs.length]).toEqual([0, before + 3]);
  });

  test('reports the same error for a file that was rejected', async () => {
    await using server = await startTestServer({ REFUSED_EXTENSIONS: 'exe' });
    const parts = [{ name: 'a.exe', content: 'x' }, notes];
    const first = await send(server, 'k', parts);
    expect(first.data?.uploaded.errors).toMatchObject([{ index: 0, filename: 'a.exe' }]);
    expect((await send(server, 'k', parts)).data).toEqual(first.data);
  });

  test('adds a next version once', async () => {
    await using server = await startTestServer();
    const first = await send(server, 'one');
    const parentId = first.data?.uploaded.files[0]?.id;
    const next = await send(server, 'two', [notes], { parentId });
    expect((await send(server, 'two', [notes], { parentId })).data).toEqual(next.data);
    expect(await filesOf(server)).toBe(first.data?.uploaded.filesCount);
  });

  test('stores an inline file once and creates a task with files once', async () => {
    await using server = await startTestServer();
    const inline = parse(
      'mutation { createTaskFile(input: { taskId: "Task:1", filename: "a", blob: "eA==", idempotencyKey: "i" }) { file { id } } }',
    );
    const first = await server.query(inline as never);
    expect(await server.query(inline as never)).toEqual(first);

    const create = parse(`mutation ($files: [Upload!]!) {
      createTask(input: { projectId: "Project:1", title: "New", files: $files, idempotencyKey: "c" }) { task { id } files { id } }
    }`);
    const created = await executeWithFiles(server, create, {}, [notes]);
    expect(created.errors).toBeUndefined();
    expect(await executeWithFiles(server, create, {}, [notes])).toEqual(created);
  });

  test('stores one file when twenty requests run concurrently', async () => {
    await using server = await startTestServer();
    const before = await filesOf(server);
    const all = await Promise.all(Array.from({ length: 20 }, () => send(server, 'the one')));
    expect(new Set(all.map(({ data }) => data?.uploaded.files[0]?.id)).size).toBe(1);
    expect(await filesOf(server)).toBe(before + 1);
    const { staging, blobs } = await server.stored();
    expect(staging).toEqual([]);
    expect(blobs).toHaveLength(before + 1);
  });
});

describe('an idempotency key', () => {
  test.each<[string, Part[], object]>([
    ['other content', [{ ...notes, content: 'others' }], {}],
    ['another name', [{ ...notes, name: 'b.txt' }], {}],
    ['more files', [notes, notes], {}],
    ['other arguments', [notes], { available: false }],
    ['another task', [notes], { taskId: 'Task:2' }],
  ])('used again with %s fails with CONFLICT and stores nothing', async (_what, parts, more) => {
    await using server = await startTestServer();
    await send(server, 'k');
    const before = await server.stored();
    const refused = await send(server, 'k', parts, more);
    expect(refused.errors?.[0]?.extensions.code).toBe('CONFLICT');
    expect(await server.stored()).toEqual(before);
  });

  test('is separate for each user', async () => {
    await using server = await startTestServer();
    const eve = await newPerson(server, 'Eve', { role: 'EDITOR' });
    const [mine] = (await send(server, 'k')).data?.uploaded.files ?? [];
    const [hers] = (await send(server, 'k', [notes], {}, eve.key)).data?.uploaded.files ?? [];
    expect(hers?.id).toBeDefined();
    expect(hers).not.toEqual(mine);
  });

  test('whose file was removed fails with CONFLICT', async () => {
    await using server = await startTestServer();
    const [file] = (await send(server, 'k')).data?.uploaded.files ?? [];
    await server.query(parse(`mutation { removeFile(input: { fileId: "${file?.id}" }) { removedFileId } }`) as never);
    expect((await send(server, 'k')).errors?.[0]).toMatchObject({ extensions: { code: 'CONFLICT' } });
  });

  test('expires after IDEMPOTENCY_SECONDS', async () => {
    await using server = await startTestServer({ IDEMPOTENCY_SECONDS: '3600' });
    const first = await send(server, 'k');
    const old = new Date(Date.now() - 3_601_000);
    const at = kind === 'sqlite' ? old.getTime() : old.toISOString();
    await runSql(server.dataDir, 'update idempotency_keys set created_at = ?', at);
    const later = await send(server, 'k');
    expect(later.data?.uploaded.files[0]?.id).not.toBe(first.data?.uploaded.files[0]?.id);
  });

  test('of a request that failed as a whole can be used again', async () => {
    await using server = await startTestServer();
    const failed = await send(server, 'k', [notes], { taskId: 'Task:999' });
    expect(failed.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    expect((await send(server, 'k')).data?.uploaded.files).toHaveLength(1);
  });

  test.each(['', 'x'.repeat(256)])('must have 1 to 255 characters', async (key) => {
    await using server = await startTestServer();
    expect((await send(server, key)).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});

testInFull(
  'a client that retries while it or the server is killed stores each file exactly once',
  {
    timeout: 240_000,
  },
  async () => {
    await using folder = await temporaryFolder('once');
    const KEY = 'the-key-of-this-test';
    const env = { DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: KEY };
    const wanted = Array.from({ length: 30 }, () => randomUUID());
    const waiting = new Set<string>(wanted);
    const attempt = async (graphqlUrl: string, key: string) => {
      const answer = await executeWithFiles<Answer>(
        { graphqlUrl, key: KEY } as TestServer,
        upload,
        { taskId: 'Task:1', key },
        [{ name: `${key}.txt`, content: key }],
      );
      if (answer.data?.uploaded.files.length === 1) waiting.delete(key);
    };
    for (let round = 0; waiting.size > 0 && round < 20; round++) {
      await using server = await startProcess(env);
      const tries = [...waiting].map((key) => attempt(server.graphqlUrl, key).catch(() => {}));
      // Only the moment differs: before, during or after the commit.
      if (round < 6) await pause(Math.random() * 150);
      else await Promise.all(tries);
      await server.end('SIGKILL');
      await Promise.all(tries);
    }
    await using server = await startProcess(env);
    const response = await fetch(server.graphqlUrl, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ task(id: "Task:1") { files(first: 100) { nodes { name } } } }' }),
    });
    const { data } = (await response.json()) as { data: { task: { files: { nodes: { name: string }[] } } } };
    const names = data.task.files.nodes.map(({ name }) => name).filter((name) => name.length === 40);
    expect(names.toSorted()).toEqual(wanted.map((key) => `${key}.txt`).toSorted());
  },
);
