import { expect, test } from 'vitest';
import { base64, post } from '../legacy/kanboard.ts';
import { repeatField } from '../support/repeat-field.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const MAX_FILES = 4;

interface Result {
  data?: Record<string, { filesCount?: number } | null> | null;
  errors?: { message: string; extensions: { code: string } }[];
}

async function send(server: TestServer, query: string, variables: object, files: string[] = []): Promise<Result> {
  const form = new FormData();
  form.set('operations', JSON.stringify({ query, variables }));
  const places = files.map((_, index) => [index, [`variables.files.${index}`]]);
  form.set('map', JSON.stringify(Object.fromEntries(places)));
  for (const [index, content] of files.entries()) form.set(`${index}`, new File([content], `${index}.txt`));
  const response = await fetch(server.graphqlUrl, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${server.key}`,
      ...(files.length === 0 ? { 'content-type': 'application/json' } : {}),
    },
    body: files.length === 0 ? JSON.stringify({ query, variables }) : form,
  });
  return (await response.json()) as Result;
}

async function filesOf(server: TestServer, id = 'Task:1'): Promise<number> {
  const { data } = await send(server, `{ task(id: "${id}") { files(first: 1) { totalCount } } }`, {});
  return (data as unknown as { task: { files: { totalCount: number } } }).task.files.totalCount;
}

const uploadAll = 'uploadTaskFiles(input: { taskId: "Task:1", files: $files }) { filesCount errors { message } }';

test('MAX_FILES limits one blob variable that thirty createTaskFile aliases use', async () => {
  await using server = await startTestServer({ MAX_FILES: `${MAX_FILES}` });
  const before = await filesOf(server);
  const one = 'createTaskFile(input: { taskId: "Task:1", filename: "a.txt", blob: $b }) { file { id } }';
  const { errors } = await send(server, `mutation ($b: Base64!) { ${repeatField(30, () => one)} }`, { b: base64('x') });
  expect(new Set(errors?.map((error) => error.extensions.code))).toEqual(new Set(['PAYLOAD_TOO_LARGE']));
  expect((await filesOf(server)) - before).toBeLessThanOrEqual(MAX_FILES);
});

test('MAX_FILES limits one variable of files that ten mutations use', async () => {
  await using server = await startTestServer({ MAX_FILES: `${MAX_FILES}` });
  const before = await filesOf(server);
  const { errors } = await send(
    server,
    `mutation ($files: [Upload!]!) { ${repeatField(10, () => uploadAll)} }`,
    { files: [null, null] },
    ['one', 'two'],
  );
  expect(errors?.[0]).toMatchObject({
    message: expect.stringContaining(`at most ${MAX_FILES} files`),
    extensions: { code: 'PAYLOAD_TOO_LARGE' },
  });
  expect((await filesOf(server)) - before).toBeLessThanOrEqual(MAX_FILES);
});

test('MAX_FILES counts uploaded parts, blobs and files of created tasks together', async () => {
  await using server = await startTestServer({ MAX_FILES: `${MAX_FILES}` });
  const before = await filesOf(server);
  const blob = `createTaskFile(input: { taskId: "Task:1", filename: "b.txt", blob: "${base64('b')}" }) { file { id } }`;
  const created = 'createTask(input: { projectId: "Project:1", title: "T", files: $files }) { task { id } filesCount }';
  const { errors } = await send(
    server,
    `mutation ($files: [Upload!]!) { first: ${uploadAll} ${repeatField(2, () => blob)} second: ${created} third: ${uploadAll} }`,
    { files: [null, null] },
    ['one', 'two'],
  );
  expect(errors?.map(({ extensions }) => extensions.code)).toContain('PAYLOAD_TOO_LARGE');
  expect((await filesOf(server)) - before).toBe(MAX_FILES);
});

test('several mutations that together upload MAX_FILES files store all of them', async () => {
  await using server = await startTestServer({ MAX_FILES: `${MAX_FILES}` });
  const before = await filesOf(server);
  const { errors } = await send(
    server,
    `mutation ($files: [Upload!]!) { ${repeatField(2, () => uploadAll)} }`,
    { files: [null, null] },
    ['one', 'two'],
  );
  expect(errors).toBeUndefined();
  expect((await filesOf(server)) - before).toBe(MAX_FILES);
});

test('a Kanboard batch above MAX_FILES answers false to each further call', async () => {
  await using server = await startTestServer({ MAX_FILES: `${MAX_FILES}` });
  const before = await filesOf(server);
  const batch = Array.from({ length: 12 }, (_, id) =>
    id % 2 === 0
      ? { jsonrpc: '2.0', id, method: 'createTaskFile', params: [1, 1, `${id}.txt`, base64('x')] }
      : { jsonrpc: '2.0', id, method: 'createProjectFile', params: [1, `${id}.txt`, base64('x')] },
  );
  const answers = (await (await post(server, JSON.stringify(batch))).json()) as { result: unknown }[];
  expect(answers.map(({ result }) => result !== false)).toEqual(batch.map((_, index) => index < MAX_FILES));
  expect((await filesOf(server)) - before).toBe(MAX_FILES / 2);
});
