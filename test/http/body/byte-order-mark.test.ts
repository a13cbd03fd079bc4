import { expect, test } from 'vitest';
import { bearer } from '../../support/download.ts';
import { openProtocolSocket } from '../../support/protocol-socket.ts';
import { closing, field, file, post, uploadToTask } from '../../support/raw-http.ts';
import { startTestServer } from '../../support/server.ts';

const MARK = '\uFEFF';

test('a GraphQL request as JSON with a byte order mark is read', async () => {
  await using server = await startTestServer();
  for (const type of ['application/json', 'application/graphql+json']) {
    const response = await fetch(server.graphqlUrl, {
      method: 'POST',
      headers: { ...bearer(server.key), 'content-type': type },
      body: `${MARK}{"query":"{ viewer { id } }"}`,
    });
    expect(await response.json()).toEqual({ data: { viewer: { id: 'User:1' } } });
  }
});

test('a body with two byte order marks is rejected with 400', async () => {
  await using server = await startTestServer();
  const response = await fetch(server.graphqlUrl, {
    method: 'POST',
    headers: { ...bearer(server.key), 'content-type': 'application/json' },
    body: `${MARK}${MARK}{"query":"{ viewer { id } }"}`,
  });
  expect(response.status).toBe(400);
});

test('the JSON in the fields of a multipart request is read with a byte order mark', async () => {
  await using server = await startTestServer();
  const variables = { taskId: 'Task:1', files: [null] };
  const operations = MARK + JSON.stringify({ query: uploadToTask, variables });
  const map = `${MARK}{"0":["variables.files.0"]}`;
  const form = [field('operations', operations), field('map', map), file('0', 'a.txt', 'a'), closing()];
  const { body } = await post(server, Buffer.concat(form));
  expect(body.data?.uploadTaskFiles).toMatchObject({ files: [{ name: 'a.txt', size: 1 }], errors: [] });
});

test('a WebSocket message with a byte order mark is read', async () => {
  await using server = await startTestServer();
  await using socket = await openProtocolSocket(server, server.key);
  const message = { id: '1', type: 'subscribe', payload: { query: '{ viewer { id } }' } };
  socket.socket.send(MARK + JSON.stringify(message));
  expect(await socket.next('1')).toMatchObject({ payload: { data: { viewer: { id: 'User:1' } } } });
});

test('a Kanboard request with a byte order mark is read', async () => {
  await using server = await startTestServer();
  const response = await fetch(`${server.url}/jsonrpc.php`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`jsonrpc:${server.key}`)}`, 'content-type': 'application/json' },
    body: `${MARK}{"jsonrpc":"2.0","method":"getAllTaskFiles","id":1,"params":[1]}`,
  });
  expect(await response.json()).toEqual({ jsonrpc: '2.0', result: [], id: 1 });
});

test('an ONLYOFFICE request with a byte order mark is read', async () => {
  await using server = await startTestServer();
  const response = await fetch(`${server.url}/api/2.0/crm/contact/1/files`, {
    method: 'POST',
    headers: { authorization: server.key, 'content-type': 'application/json' },
    body: `${MARK}{"fileids":[999]}`,
  });
  // The server has read the ids: without any, the status would be 400.
  expect(response.status).toBe(404);
});
