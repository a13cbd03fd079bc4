import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import * as storeFiles from '../../src/uploads/store-files.ts';
import { ask, executeWithFiles } from '../support/client.ts';
import { uploadFile, uploadQuery } from '../support/files.ts';
import { holdSyncs } from '../support/hold-syncs.ts';
import { startTestServer } from '../support/server.ts';
import { createTask } from '../support/tasks.ts';

afterEach(() => vi.restoreAllMocks());

test('every upload of a commit is answered when the result of one cannot be made', async () => {
  // A fault that shows only after the commit. `vi.mock` would not replace a module that other tests
  // loaded before.
  const { mergeOutcomes } = storeFiles;
  vi.spyOn(storeFiles, 'mergeOutcomes').mockImplementation((outcomes, ...rest) => {
    if (outcomes.some(({ filename }) => filename === 'broken')) throw new Error('A fault of the test.');
    return mergeOutcomes(outcomes, ...rest);
  });
  await using server = await startTestServer();
  await uploadFile(server, 'Task:1', 'before');
  // Uploads to one task share a transaction, and those to several share a commit.
  const tasks: string[] = [];
  while (tasks.length < 5)
    tasks.push((await ask(server, createTask, { input: { projectId: 'Project:1', title: 'a' } })).createTask.task.id);
  using syncs = await holdSyncs(join(server.dataDir, 'attache.db'));
  const upload = (name: string, task = 'Task:1') =>
    executeWithFiles(server, uploadQuery(task), {}, [{ name, content: 'a' }]);
  const first = upload('first');
  while (syncs.spy.mock.calls.length === 0) await pause(5);
  const others = ['a', 'broken', 'b', 'c'].map((name, index) => upload(name, tasks[index]));
  await pause(100);
  syncs[Symbol.dispose]();
  expect((await first).errors).toBeUndefined();
  const codes = (await Promise.all(others)).map(({ errors }) => errors?.[0]?.extensions.code);
  expect(codes).toEqual([undefined, 'INTERNAL_SERVER_ERROR', undefined, undefined]);
  expect((await upload('after')).errors).toBeUndefined();
});
