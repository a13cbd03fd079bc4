import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { databaseEnv } from '../support/database.ts';
import { sha256 } from '../support/download.ts';
import { uploadFiles } from '../support/files.ts';
import { subscribeToFileAdded } from '../support/live.ts';
import { isInstalled } from '../support/programs.ts';
import type { TestServer } from '../support/server.ts';
import { call as kanboard } from './kanboard.ts';
import { signed, startSigningServer } from './worksection-calls.ts';

const content = (name: string) => Buffer.from(`what is in ${name}`);
const bearer = ({ key }: TestServer) => ({ authorization: `Bearer ${key}` });

function formOf(field: string, name: string): FormData {
  const form = new FormData();
  form.append(field, new Blob([content(name)]), name);
  return form;
}

const json = async (response: Promise<Response>) => JSON.parse(await (await response).text());

/** Uploads a file to Task:1 through each older API. */
const uploads: Record<string, (server: TestServer, name: string) => Promise<unknown>> = {
  kanboard: (server, name) => kanboard(server, 'createTaskFile', [1, 1, name, content(name).toString('base64')]),
  onlyoffice: (server, name) =>
    json(
      fetch(`${server.url}/api/2.0/project/task/1/files/upload`, {
        method: 'POST',
        body: formOf('file', name),
        headers: bearer(server),
      }),
    ),
  worksection: (server, name) =>
    json(fetch(signed(server, 'action=update_task&id_task=1'), { method: 'POST', body: formOf('attach[a]', name) })),
  cor: (server, name) =>
    json(
      fetch(`${server.url}/v1/tasks/1/attachments`, {
        method: 'POST',
        body: formOf('file', name),
        headers: bearer(server),
      }),
    ),
};

/** Names and ids of the files of Task:1, as each API lists them. */
const lists: Record<string, (server: TestServer) => Promise<[name: string, id: number][]>> = {
  async graphql(server) {
    type Answer = { task: { files: { nodes: { name: string; databaseId: number }[] } } };
    const { task } = await ask<Answer>(server, '{ task(id: "Task:1") { files { nodes { name databaseId } } } }');
    return task.files.nodes.map(({ name, databaseId }) => [name, databaseId]);
  },
  async kanboard(server) {
    const { result = [] } = await kanboard<{ name: string; id: number }[]>(server, 'getAllTaskFiles', [1]);
    return result.map(({ name, id }) => [name, id]);
  },
  async onlyoffice(server) {
    const answer = await json(fetch(`${server.url}/api/2.0/project/task/1/files`, { headers: bearer(server) }));
    return answer.response.map((file: { title: string; id: number }) => [file.title, file.id]);
  },
  async worksection(server) {
    const { data } = await json(fetch(signed(server, 'action=get_files&id_task=1')));
    return data.map((file: { name: string; id: string }) => [file.name, Number(file.id)]);
  },
  async cor(server) {
    const { files } = await json(fetch(`${server.url}/v1/tasks/1/attachments`, { headers: bearer(server) }));
    return files.map((file: { name: string; id: number }) => [file.name, file.id]);
  },
};

/** The content of a file, as each API returns it. */
const downloads: Record<string, (server: TestServer, id: number) => Promise<Buffer>> = {
  async graphql(server, id) {
    const response = await fetch(`${server.url}/files/${id}/content`, { headers: bearer(server) });
    return Buffer.from(await response.arrayBuffer());
  },
  async kanboard(server, id) {
    return Buffer.from((await kanboard<string>(server, 'downloadTaskFile', [id])).result ?? '', 'base64');
  },
  async worksection(server, id) {
    return Buffer.from(await (await fetch(signed(server, `action=download&id_file=${id}`))).arrayBuffer());
  },
};

test('a file uploaded through any API is emitted, listed by all APIs and downloaded unchanged', async () => {
  await using server = await startSigningServer();
  await using listener = await subscribeToFileAdded(server, 'Task:1');
  const names = Object.keys(uploads).map((by) => `by ${by}.txt`);
  for (const [by, upload] of Object.entries(uploads)) {
    await upload(server, `by ${by}.txt`);
    expect((await listener.next()).file.name).toBe(`by ${by}.txt`);
  }
  const listed = await Promise.all(
    Object.values(lists).map(async (list) => new Map((await list(server)).filter(([name]) => names.includes(name)))),
  );
  for (const list of listed) expect(list).toEqual(listed[0]);
  expect([...(listed[0]?.keys() ?? [])].toSorted()).toEqual(names.toSorted());
  for (const [name, id] of listed[0] ?? []) {
    for (const [by, download] of Object.entries(downloads))
      expect([by, name, sha256(await download(server, id))]).toEqual([by, name, sha256(content(name))]);
  }
});

test.runIf(isInstalled('curl'))(
  'scripts/try-older-apis.sh succeeds with the documented calls of all APIs',
  { timeout: 120_000 },
  async () => {
    await using server = await startSigningServer({ MAX_FILES: '200' });
    // The script prints only the start of each answer. This one is larger than the buffer of a
    // pipe.
    const names = Array.from({ length: 200 }, (_, index) => ({ name: `${index} ${'x'.repeat(100)}`, content: 'a' }));
    await uploadFiles(server, 'Task:1', names);
    const script = resolve(import.meta.dirname, '../../scripts/try-older-apis.sh');
    const { stdout } = await promisify(execFile)('bash', [script, server.url, server.key], {
      env: { ...process.env, ...(await databaseEnv(server.dataDir)) },
    });
    for (const system of ['cor', 'kanboard', 'onlyoffice', 'worksection']) expect(stdout).toContain(`# ${system}\n`);
    for (const answer of ['"files_q":201', '"result":"cGxhaW4gdGV4dCBmaWxl"', '"statusCode":201', '"status":"ok"'])
      expect(stdout).toContain(answer);
    expect(stdout).not.toMatch(/Parse error|Unauthorized|"status":"error"|Internal/);
  },
);
