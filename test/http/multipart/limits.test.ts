import { expect, test } from 'vitest';
import {
  chunk,
  closing,
  field,
  file,
  fileHeaders,
  head,
  openPart,
  post,
  preface,
  RawClient,
  type UploadPayload,
  uploadToTask,
} from '../../support/raw-http.ts';
import { startTestServer } from '../../support/server.ts';
import { expectStored } from './aftermath.ts';

const LIMIT = 100_000;
const limited = { MAX_FILE_SIZE: `${LIMIT}` };
const names = ['0.txt', '1.txt', '2.txt'];

function outcome(payload: UploadPayload | null | undefined) {
  return {
    files: payload?.files.map(({ name }) => name),
    errors: payload?.errors.map(({ index, filename, code }) => ({ index, filename, code })),
  };
}

test.for([
  ['first', 0, LIMIT + 1],
  ['in the middle', 1, LIMIT + 1],
  ['last', 2, LIMIT + 1],
  ['first and many times too large', 0, 100 * LIMIT],
  ['last and many times too large', 2, 100 * LIMIT],
] as const)('rejects a file over MAX_FILE_SIZE that is %s, and stores the others', async ([, place, size]) => {
  await using server = await startTestServer(limited);
  const contents = names.map((name, index) => (index === place ? 'x'.repeat(size) : name.repeat(10_000)));
  const parts = contents.map((content, index) => file(`${index}`, names[index] ?? '', content));
  const { status, body } = await post(server, Buffer.concat([preface(3), ...parts, closing()]));
  expect(status).toBe(200);
  expect(outcome(body.data?.uploadTaskFiles)).toEqual({
    files: names.toSpliced(place, 1),
    errors: [{ index: place, filename: names[place], code: 'PAYLOAD_TOO_LARGE' }],
  });
  expect(body.data?.uploadTaskFiles?.errors[0]?.message).toContain(`${LIMIT}`);
  await expectStored(server, contents.toSpliced(place, 1));
});

test('answers when the last file is over MAX_FILE_SIZE and never ends', async () => {
  await using server = await startTestServer(limited);
  using client = await RawClient.open(server);
  await client.send(head(server, {}));
  await client.send(
    chunk(Buffer.concat([preface(2), file('0', '0.txt', 'small'), openPart(fileHeaders('1', '1.txt'))])),
  );
  let answered = false;
  const answer = client.answer().finally(() => {
    answered = true;
  });
  while (!answered) await Promise.race([client.send(chunk(Buffer.alloc(LIMIT))), answer]);
  const { status, body } = await answer;
  expect(status).toBe(200);
  expect(outcome(body.data?.uploadTaskFiles)).toEqual({
    files: ['0.txt'],
    errors: [{ index: 1, filename: '1.txt', code: 'PAYLOAD_TOO_LARGE' }],
  });
  client.socket.destroy();
  await expectStored(server, ['small']);
});

test('reports an error for each file when every file is over MAX_FILE_SIZE', async () => {
  await using server = await startTestServer(limited);
  const parts = names.map((name, index) => file(`${index}`, name, 'x'.repeat(3 * LIMIT)));
  const { body } = await post(server, Buffer.concat([preface(3), ...parts, closing()]));
  expect(outcome(body.data?.uploadTaskFiles)).toEqual({
    files: [],
    errors: names.map((filename, index) => ({ index, filename, code: 'PAYLOAD_TOO_LARGE' })),
  });
  await expectStored(server, []);
});

test('stores a file of exactly MAX_FILE_SIZE and empty files', async () => {
  await using server = await startTestServer(limited);
  const contents = ['', 'x'.repeat(LIMIT), ''];
  const parts = contents.map((content, index) => file(`${index}`, names[index] ?? '', content));
  const { body } = await post(server, Buffer.concat([preface(3), ...parts, closing()]));
  expect(body.data?.uploadTaskFiles?.files.map(({ size }) => size)).toEqual([0, LIMIT, 0]);
  expect(body.data?.uploadTaskFiles?.errors).toEqual([]);
  await expectStored(server, contents);
});

test('stores a single empty file', async () => {
  await using server = await startTestServer();
  const { body } = await post(server, Buffer.concat([preface(1), file('0', 'empty', ''), closing()]));
  expect(body.data?.uploadTaskFiles?.files).toMatchObject([{ name: 'empty', size: 0 }]);
  await expectStored(server, ['']);
});

test('stores MAX_FILES files, and rejects one more with 413', async () => {
  await using server = await startTestServer({ MAX_FILES: '3' });
  const send = (count: number) => {
    const parts = Array.from({ length: count }, (_, index) => file(`${index}`, `${index}.txt`, 'x'.repeat(100_000)));
    return post(server, Buffer.concat([preface(count), ...parts, closing()]));
  };
  const { status, body } = await send(4);
  expect(body.errors?.map(({ extensions }) => extensions?.code)).toEqual(['PAYLOAD_TOO_LARGE']);
  expect(status).toBe(413);
  await expectStored(server, []);

  expect((await send(3)).body.data?.uploadTaskFiles?.files).toHaveLength(3);
  await expectStored(server, Array(3).fill('x'.repeat(100_000)));
});

test('rejects one part that is mapped to more places than MAX_FILES', async () => {
  await using server = await startTestServer({ MAX_FILES: '3' });
  const places = [0, 1, 2, 3];
  const form = [
    field('operations', { query: uploadToTask, variables: { taskId: 'Task:1', files: places.map(() => null) } }),
    field('map', { 0: places.map((place) => `variables.files.${place}`) }),
    file('0', 'shared.txt', 'content'),
    closing(),
  ];
  const { status, body } = await post(server, Buffer.concat(form));
  expect(body.errors?.map(({ extensions }) => extensions?.code)).toEqual(['PAYLOAD_TOO_LARGE']);
  expect(status).toBe(413);
  await expectStored(server, []);
});

test('rejects more parts than MAX_FILES, even if the map names fewer', async () => {
  await using server = await startTestServer({ MAX_FILES: '3' });
  const parts = ['0', 'x', 'y', 'z'].map((name) => file(name, `${name}.txt`, 'x'.repeat(100_000)));
  const { status, body } = await post(server, Buffer.concat([preface(1), ...parts, closing()]));
  expect(body.errors?.map(({ extensions }) => extensions?.code)).toEqual(['PAYLOAD_TOO_LARGE']);
  expect(status).toBe(413);
  await expectStored(server, []);
});

test.for([{ REFUSED_EXTENSIONS: '.exe, sh' }, { ALLOWED_EXTENSIONS: 'txt,.PNG' }])(
  'with %o, rejects only files of other types, whatever the case of their extension',
  async (env) => {
    await using server = await startTestServer(env);
    const parts = ['a.EXE', 'b.txt', 'c.tar.sh'].map((name, index) => file(`${index}`, name, name.repeat(20_000)));
    const { status, body } = await post(server, Buffer.concat([preface(3), ...parts, closing()]));
    expect(status).toBe(200);
    expect(outcome(body.data?.uploadTaskFiles)).toEqual({
      files: ['b.txt'],
      errors: [
        { index: 0, filename: 'a.EXE', code: 'UNSUPPORTED_MEDIA_TYPE' },
        { index: 2, filename: 'c.tar.sh', code: 'UNSUPPORTED_MEDIA_TYPE' },
      ],
    });
    await expectStored(server, ['b.txt'.repeat(20_000)]);
  },
);
