import { print } from 'graphql';
import { expect, test } from 'vitest';
import { fileAdded, uploadTaskFilesDocument } from '../support/documents.ts';
import { uploadFile } from '../support/files.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { eventsOf } from '../support/sse.ts';

const query = print(fileAdded);

/** Subscribes over server-sent events. Resolves when the subscription is open. */
function subscribe(server: TestServer, on: string, init: RequestInit = {}): Promise<Response> {
  return fetch(server.graphqlUrl, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${server.key}`,
      accept: 'text/event-stream',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ query, variables: { on } }),
    ...init,
  });
}

test('fetch uploads files with a form of the multipart request spec', async () => {
  await using server = await startTestServer();
  const form = new FormData();
  const variables = { taskId: 'Task:1', files: [null, null] };
  form.append('operations', JSON.stringify({ query: print(uploadTaskFilesDocument), variables }));
  form.append('map', '{"a":["variables.files.0"],"b":["variables.files.1"]}');
  form.append('a', new Blob(['first']), 'first.txt');
  form.append('b', new Blob([new Uint8Array([0, 255, 10, 13])]), 'second.bin');
  const response = await fetch(server.graphqlUrl, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.key}` },
    body: form,
  });
  expect(response.status).toBe(200);
  const { data } = (await response.json()) as { data: { uploadTaskFiles: { files: { url: string }[] } } };
  expect(data.uploadTaskFiles).toMatchObject({ filesCount: 2, errors: [], files: [{ size: 5 }, { size: 4 }] });
  const headers = { authorization: `Bearer ${server.key}` };
  const second = await fetch(data.uploadTaskFiles.files[1]?.url ?? '', { headers });
  expect(new Uint8Array(await second.arrayBuffer())).toEqual(new Uint8Array([0, 255, 10, 13]));
});

test('an SSE stream delivers every upload after its response, in order', async () => {
  await using server = await startTestServer();
  const response = await subscribe(server, 'Project:1');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const events = eventsOf(response);
  for (const name of ['one.txt', 'two.txt', 'Grüße & mehr.txt']) {
    await uploadFile(server, 'Task:1', { name, content: name });
    const { value } = await events.next();
    expect(value?.event).toBe('next');
    expect(JSON.parse(value?.data ?? '')).toMatchObject({
      data: { fileAdded: { file: { name }, on: { id: 'Task:1' } } },
    });
  }
  await events.return(undefined);
});

test('GET opens an SSE stream', async () => {
  await using server = await startTestServer();
  const url = new URL(server.graphqlUrl);
  url.search = String(new URLSearchParams({ query, variables: '{"on":"Task:1"}' }));
  const headers = { authorization: `Bearer ${server.key}`, accept: 'text/event-stream' };
  const events = eventsOf(await fetch(url, { headers }));
  await uploadFile(server, 'Task:1', { name: 'one.txt', content: 'one' });
  const { value } = await events.next();
  expect(JSON.parse(value?.data ?? '')).toMatchObject({ data: { fileAdded: { file: { name: 'one.txt' } } } });
  await events.return(undefined);
});

test('an SSE stream on a missing task ends with NOT_FOUND', async () => {
  await using server = await startTestServer();
  const response = await subscribe(server, 'Task:999');
  const body = await response.text();
  expect(body).toContain('NOT_FOUND');
  expect(body).not.toContain('INTERNAL_SERVER_ERROR');
});

test('an SSE request without a key is 401', async () => {
  await using server = await startTestServer();
  const response = await subscribe(server, 'Task:1', {
    headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
  });
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
});

test('aborting SSE streams does not affect another stream', async () => {
  await using server = await startTestServer();
  const staying = eventsOf(await subscribe(server, 'Task:1'));
  for (let round = 0; round < 20; round += 1) {
    const aborting = new AbortController();
    const response = await subscribe(server, 'Task:1', { signal: aborting.signal });
    const reading = eventsOf(response).next();
    aborting.abort();
    await expect(reading).rejects.toThrow();
  }
  await uploadFile(server, 'Task:1', { name: 'after.txt', content: 'after' });
  const { value } = await staying.next();
  expect(JSON.parse(value?.data ?? '')).toMatchObject({ data: { fileAdded: { file: { name: 'after.txt' } } } });
  await staying.return(undefined);
});

test('stopping the server ends its SSE streams', async () => {
  const server = await startTestServer();
  const response = await subscribe(server, 'Task:1');
  const reading = response.text().catch(() => 'broken off');
  await server[Symbol.asyncDispose]();
  expect(await reading).toBeTypeOf('string');
});
