import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { uploadByTus } from '../http/tus/client.ts';
import { call } from '../legacy/kanboard.ts';
import { ask, executeWithFiles } from '../support/client.ts';
import { runSql } from '../support/database.ts';
import { uploadFile, uploadQuery } from '../support/files.ts';
import { holdSyncs } from '../support/hold-syncs.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

afterEach(() => vi.restoreAllMocks());

const createFile = `mutation { createTaskFile(input: { taskId: "Task:1", filename: "a", blob: "YQ==" }) { file { id } } }`;
const createTask = `mutation ($files: [Upload!]!) {
  createTask(input: { projectId: "Project:1", title: "b", files: $files }) { task { id } }
}`;
const twice = `mutation ($files: [Upload!]!) {
  a: uploadTaskFiles(input: { taskId: "Task:1", files: $files }) { files { id } }
  b: uploadTaskFiles(input: { taskId: "Task:1", files: $files }) { files { id } }
}`;
const withKey = `mutation ($files: [Upload!]!) {
  uploadTaskFiles(input: { taskId: "Task:1", files: $files, idempotencyKey: "k" }) { files { id } }
}`;
const file = { name: 'a', content: 'a' };

/** Uploads a file over GraphQL, with a response of that media type; returns the response's text. */
async function uploadAs(server: TestServer, accept: string): Promise<string> {
  const form = new FormData();
  form.set('operations', JSON.stringify({ query: uploadQuery('Task:1'), variables: { files: [null] } }));
  form.set('map', JSON.stringify({ 0: ['variables.files.0'] }));
  form.set('0', new Blob(['a']), 'a.txt');
  const headers = { authorization: `Bearer ${server.key}`, accept };
  return (await fetch(server.graphqlUrl, { method: 'POST', headers, body: form })).text();
}

const uploads: Record<string, (server: TestServer) => Promise<unknown>> = {
  multipart: (server) => uploadFile(server, 'Task:1', 'a'),
  'multipart with graphql-response+json': (server) => uploadAs(server, 'application/graphql-response+json'),
  'multipart with an event stream': (server) => uploadAs(server, 'text/event-stream'),
  base64: (server) => ask(server, createFile),
  'two mutations of a document': (server) => executeWithFiles(server, twice, {}, [file]),
  'a mutation with an idempotency key': (server) => executeWithFiles(server, withKey, {}, [file]),
  'a mutation that creates a task': (server) => executeWithFiles(server, createTask, {}, [file]),
  tus: (server) => uploadByTus(server, Buffer.from('a'), { on: 'Task:1' }),
  COR: (server) => {
    const form = new FormData();
    form.set('file', new Blob(['a']), 'a.txt');
    const headers = { authorization: `Bearer ${server.key}` };
    return fetch(`${server.url}/v1/tasks/1/attachments`, { method: 'POST', body: form, headers });
  },
  Kanboard: (server) => call(server, 'createTaskFile', { project_id: 1, task_id: 1, filename: 'a', blob: 'YQ==' }),
};

test.each(Object.entries(uploads))(
  'an upload by %s is acknowledged after the sync of its rows, and not before',
  async (_name, upload) => {
    await using server = await startTestServer();
    await uploadFile(server, 'Task:1', 'before'); // opens the write-ahead log
    using syncs = await holdSyncs(join(server.dataDir, 'attache.db'));
    let isAcknowledged = false;
    const uploading = upload(server).then((response) => {
      isAcknowledged = true;
      return response;
    });
    const isStored = async () => (await runSql(server.dataDir, 'select id from files')).length > 1;
    for (let released = 0; !(await isStored()); await pause(10)) {
      if (syncs.spy.mock.calls.length === released) continue;
      if (await isStored()) break; // the sync is the one of the upload
      await syncs.releaseSyncs();
      released += 1;
    }
    await pause(300);
    expect(isAcknowledged).toBe(false);
    syncs[Symbol.dispose]();
    expect(JSON.stringify(await uploading)).not.toContain('"message"');
  },
);
