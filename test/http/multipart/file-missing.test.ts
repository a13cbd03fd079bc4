import { expect, test } from 'vitest';
import { bearer } from '../../support/download.ts';
import { closing, field, post } from '../../support/raw-http.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

const LIST = 'mutation ($f: [Upload!]!) { uploadFiles(input: { files: $f }) { filesCount } }';
const ONE = 'mutation ($f: Upload!) { uploadFiles(input: { files: [$f] }) { filesCount } }';
const INPUT = 'mutation ($i: UploadFilesInput!) { uploadFiles(input: $i) { filesCount } }';

const fileMissing = { message: expect.stringMatching(/^A file is missing.*Send a multipart request/) };

async function send(server: TestServer, query: string, variables: object) {
  const response = await fetch(server.graphqlUrl, {
    method: 'POST',
    headers: { ...bearer(server.key), 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}

test.each([
  ['null in a list', LIST, { f: [null] }, 'f[0]'],
  ['null for the list', LIST, { f: null }, '$f'],
  ['nothing for the list', LIST, {}, '$f'],
  ['null for one', ONE, { f: null }, '$f'],
  ['null in an input', INPUT, { i: { files: [null] } }, 'i.files[0]'],
  ['null for the list of an input', INPUT, { i: { files: null } }, 'i.files'],
  ['nothing in an input', INPUT, { i: {} }, ''],
  ['null in the query', 'mutation { uploadFiles(input: { files: [null] }) { filesCount } }', {}, ''],
])(
  '%s, in JSON without files, is rejected with advice to send a multipart request',
  async (_what, query, variables, place) => {
    await using server = await startTestServer();
    const { errors } = await send(server, query, variables);
    expect(errors).toMatchObject([fileMissing]);
    expect(errors[0].message).toContain(place);
  },
);

test('a multipart request whose map omits a file is rejected with the same advice as JSON', async () => {
  await using server = await startTestServer();
  const form = [field('operations', { query: LIST, variables: { f: [null] } }), field('map', {}), closing()];
  expect((await post(server, Buffer.concat(form))).body.errors).toMatchObject([fileMissing]);
});

test('a null in place of a variable that is not a file has the standard GraphQL error', async () => {
  await using server = await startTestServer();
  const { errors } = await send(server, 'query ($id: ID!) { task(id: $id) { id } }', { id: null });
  expect(errors[0].message).toBe('Variable "$id" of non-null type "ID!" must not be null.');
});
