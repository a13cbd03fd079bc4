import { hash } from 'node:crypto';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SHARE_QUERY } from '../../../src/http/download/share-script.ts';
import { ask, dataOf } from '../../support/client.ts';
import { uploadFile } from '../../support/files.ts';
import { connect } from '../../support/live.ts';
import { addProjectMember, newPerson } from '../../support/people.ts';
import { field, file, uploadToTask } from '../../support/raw-http.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

const viewer = '{ viewer { displayName } }';
const added = `subscription ($on: ID!, $after: String) { fileAdded(on: $on, after: $after) { file { name } } }`;
const documents = { viewer, upload: uploadToTask, added };
const idOf = (query: string) => hash('sha256', query, 'hex');

/** The same documents as the tools of clients write them. */
const manifests = {
  'graphql-codegen and Relay': Object.fromEntries(Object.values(documents).map((query) => [idOf(query), query])),
  'Apollo Client': {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: Object.values(documents).map((body) => ({ id: idOf(body), name: 'x', type: 'query', body })),
  },
};

async function startWith(manifest: unknown, env: Record<string, string> = {}) {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'attache-documents-')));
  const path = join(folder.path, 'documents.json');
  await writeFile(path, typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
  const server = stack.use(await startTestServer({ TRUSTED_DOCUMENTS: path, ...env }));
  const all = stack.move();
  const bob = await newPerson(server, 'Bob');
  dataOf(await server.query(addProjectMember, { input: { projectId: 'Project:1', userId: bob.id, role: 'EDITOR' } }));
  return { server, bob, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

async function send(server: TestServer, key: string, body: object) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const response = await fetch(server.graphqlUrl, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, ...((await response.json()) as object) };
}

const forbidden = { status: 403, errors: [{ extensions: { code: 'FORBIDDEN' } }] };
const answered = { status: 200, data: { viewer: { displayName: 'Bob' } } };

test.each(Object.entries(manifests))('the documents of %s run by their ids, in each form', async (_tool, manifest) => {
  await using started = await startWith(manifest);
  const { server, bob } = started;
  const id = idOf(viewer);
  const forms = [
    { documentId: id },
    { documentId: `sha256:${id}` },
    { doc_id: id },
    { extensions: { persistedQuery: { version: 1, sha256Hash: id } } },
    { query: viewer },
    { query: viewer, extensions: { persistedQuery: { version: 1, sha256Hash: id } } },
  ];
  for (const form of forms) expect([form, await send(server, bob.key, form)]).toMatchObject([form, answered]);
  const url = `${server.graphqlUrl}?${new URLSearchParams({ documentId: id })}`;
  const overGet = await fetch(url, { headers: { authorization: `Bearer ${bob.key}` } });
  expect(await overGet.json()).toMatchObject({ data: answered.data });
});

test('any other document is FORBIDDEN, except for administrators', async () => {
  await using started = await startWith(manifests['Apollo Client']);
  const { server, bob } = started;
  const other = '{ viewer { id } }';
  for (const body of [
    { query: other },
    { query: `${viewer} # a comment` },
    { query: other, documentId: idOf(viewer) },
    { documentId: idOf(other) },
    { documentId: '__proto__' },
  ])
    expect([body, await send(server, bob.key, body)]).toMatchObject([body, forbidden]);
  expect(await send(server, server.key, { query: other })).toMatchObject({ data: { viewer: { id: 'User:1' } } });
  expect(await send(server, bob.key, {})).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
});

test('a multipart request uploads by an id', async () => {
  await using started = await startWith(manifests['Apollo Client']);
  const { server, bob } = started;
  const variables = { taskId: 'Task:1', files: [null] };
  const post = async (operations: object) => {
    const parts = [
      field('operations', operations),
      field('map', { 0: ['variables.files.0'] }),
      file('0', 'a.txt', 'a'),
    ];
    const boundary = 'the-boundary-of-the-tests';
    const response = await fetch(server.graphqlUrl, {
      method: 'POST',
      headers: { authorization: `Bearer ${bob.key}`, 'content-type': `multipart/form-data; boundary=${boundary}` },
      body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
    });
    return { status: response.status, ...((await response.json()) as object) };
  };
  expect(await post({ documentId: idOf(uploadToTask), variables })).toMatchObject({
    data: { uploadTaskFiles: { files: [{ name: 'a.txt' }] } },
  });
  expect(await post({ query: `${uploadToTask} `, variables })).toMatchObject(forbidden);
});

test('subscriptions and queries over WebSocket run by their ids, and no others do', async () => {
  await using started = await startWith(manifests['Apollo Client']);
  const { server, bob } = started;
  const client = connect(server, { connectionParams: { authorization: `Bearer ${bob.key}` } });
  const first = (payload: object) =>
    new Promise((resolve) =>
      // graphql-ws requires a query, which is empty beside an id.
      client.subscribe({ query: '', ...payload } as never, {
        next: resolve,
        error: (errors) => resolve({ errors }),
        complete() {},
      }),
    );
  expect(await first({ documentId: idOf(viewer) })).toMatchObject({ data: answered.data });
  expect(await first({ query: '{ viewer { id } }' })).toMatchObject({ errors: forbidden.errors });
  expect(await first({ documentId: 'unknown' })).toMatchObject({ errors: forbidden.errors });
  const extensions = { persistedQuery: { version: 1, sha256Hash: idOf(documents.added) } };
  const cursor = dataOf<{ task: { files: { eventCursor: string } } }>(
    (await send(server, server.key, { query: '{ task(id: "Task:1") { files { eventCursor } } }' })) as never,
  ).task.files.eventCursor;
  const event = first({ extensions, variables: { on: 'Task:1', after: cursor } });
  await uploadFile(server, 'Task:1', 'received.txt');
  expect(await event).toMatchObject({ data: { fileAdded: { file: { name: 'received.txt' } } } });
  await client.dispose();
});

test('the page of share links works, and guests run no other document', async () => {
  await using started = await startWith(manifests['Apollo Client']);
  const { server } = started;
  const create = 'mutation { createShareLink(input: { on: "Task:1", expiresIn: 3600 }) { token } }';
  const { token } = (await ask<{ createShareLink: { token: string } }>(server, create)).createShareLink;
  expect(await send(server, token, { query: SHARE_QUERY })).toMatchObject({
    data: { share: { files: { nodes: [] } } },
  });
  expect(await send(server, token, { query: '{ share { name } }' })).toMatchObject(forbidden);
});

test('without trusted documents, an id alone is PERSISTED_QUERY_NOT_SUPPORTED', async () => {
  await using server = await startTestServer();
  for (const body of [{ documentId: 'x' }, { extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } }])
    expect(await send(server, server.key, body)).toMatchObject({
      errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } }],
    });
});

test.each(['{', '[]', '{"a":1}', '{"operations":{}}'])(
  'the server does not start with the manifest %s',
  async (text) => {
    await expect(startWith(text)).rejects.toThrow(/TRUSTED_DOCUMENTS .* cannot be read; it has to be/);
  },
);
