import { expect, test } from 'vitest';
import { closing, field, file, post, type RawAnswer, type UploadPayload } from '../../support/raw-http.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { ask, expectStored, listed } from './aftermath.ts';

const selection = '{ files { id name sha256 } errors { index code } }';
const twice = `
  mutation ($x: Upload!, $y: Upload!) {
    uploadTaskFiles(input: { taskId: "Task:1", files: [$x, $y] }) ${selection}
  }
`;
const aliased = `
  mutation ($x: Upload!, $y: Upload!) {
    a: uploadTaskFiles(input: { taskId: "Task:1", files: [$x] }) ${selection}
    b: uploadTaskFiles(input: { taskId: "Task:2", files: [$y] }) ${selection}
  }
`;
const content = 'one part, two places; '.repeat(10_000);

/** apollo-upload-client sends a File that is at two places of the variables as one part. */
function sendShared(server: TestServer, query: string): Promise<RawAnswer> {
  const form = [
    field('operations', { query, variables: { x: null, y: null } }),
    field('map', { 0: ['variables.x', 'variables.y'] }),
    file('0', 'shared.txt', content),
    closing(),
  ];
  return post(server, Buffer.concat(form));
}

const remove = (server: TestServer, fileId: string) =>
  ask(server, 'mutation ($fileId: ID!) { removeFile(input: { fileId: $fileId }) { removedFileId } }', { fileId });

async function download(server: TestServer, id: string): Promise<string> {
  const url = `${server.url}/files/${id.replace('File:', '')}/content`;
  return await (await fetch(url, { headers: { authorization: `Bearer ${server.key}` } })).text();
}

function filesOf({ body }: RawAnswer): UploadPayload['files'] {
  expect(body.errors).toBeUndefined();
  return Object.values(body.data ?? {}).flatMap((payload) => payload?.files ?? []);
}

test.for([
  ['in one list', twice],
  ['in two fields of a document', aliased],
])(
  'a file at two places %s is stored once and becomes two files that are removed independently',
  async ([, query = '']) => {
    await using server = await startTestServer();
    const files = filesOf(await sendShared(server, query));
    expect(new Set(files.map(({ id }) => id)).size).toBe(2);
    await expectStored(server, [content], [content, content]);

    await remove(server, files[0]?.id ?? '');
    await expectStored(server, [content]);
    expect(await download(server, files[1]?.id ?? '')).toBe(content);

    await remove(server, files[1]?.id ?? '');
    await expectStored(server, []);
  },
);

test('removing the second of two files that share their bytes does not affect the first', async () => {
  await using server = await startTestServer();
  const [first, second] = filesOf(await sendShared(server, twice));
  await remove(server, second?.id ?? '');
  expect(await download(server, first?.id ?? '')).toBe(content);
  await expectStored(server, [content]);
});

test('a file at two places that exceeds a limit fails at both', async () => {
  await using server = await startTestServer({ MAX_FILE_SIZE: '1000' });
  const { body } = await sendShared(server, twice);
  expect(body.data?.uploadTaskFiles).toEqual({
    files: [],
    errors: [
      { index: 0, code: 'PAYLOAD_TOO_LARGE' },
      { index: 1, code: 'PAYLOAD_TOO_LARGE' },
    ],
  });
  await expectStored(server, []);
});

test('a file that a document uploads, removes and uploads again fails with CONFLICT and is not stored', async () => {
  await using server = await startTestServer();
  const query = `
    mutation ($x: Upload!, $y: Upload!) {
      a: uploadTaskFiles(input: { taskId: "Task:1", files: [$x] }) ${selection}
      removeFile(input: { fileId: "File:1" }) { removedFileId }
      b: uploadTaskFiles(input: { taskId: "Task:2", files: [$y] }) ${selection}
    }
  `;
  const { body } = await sendShared(server, query);
  expect(body.errors?.map(({ extensions }) => extensions?.code)).toEqual(['CONFLICT']);
  await expectStored(server, []);
});

test('two parts with the same content are stored as two blobs', async () => {
  await using server = await startTestServer();
  const form = [
    field('operations', { query: twice, variables: { x: null, y: null } }),
    field('map', { 0: ['variables.x'], 1: ['variables.y'] }),
    file('0', 'a.txt', content),
    file('1', 'b.txt', content),
    closing(),
  ];
  await post(server, Buffer.concat(form));
  expect((await listed(server)).map(({ name }) => name)).toEqual(['a.txt', 'b.txt']);
  await expectStored(server, [content, content]);
});
