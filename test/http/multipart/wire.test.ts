import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { sha256 } from '../../support/download.ts';
import {
  BOUNDARY,
  chunk,
  closing,
  field,
  file,
  fileHeaders,
  head,
  part,
  post,
  preface,
  RawClient,
} from '../../support/raw-http.ts';
import { startTestServer } from '../../support/server.ts';
import { expectStored } from './aftermath.ts';

const formOf = (contents: (string | Uint8Array)[], boundary = BOUNDARY) =>
  Buffer.concat([
    preface(contents.length, { boundary }),
    ...contents.map((content, index) => file(`${index}`, `${index}.bin`, content, boundary)),
    closing(boundary),
  ]);

function* pieces(bytes: Buffer, size: number) {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

const types: Record<string, { type: string; boundary: string }> = {
  'capitals in its type': { type: `Multipart/Form-Data; boundary=${BOUNDARY}`, boundary: BOUNDARY },
  'capitals in the name of the parameter': { type: `MULTIPART/FORM-DATA; BOUNDARY=${BOUNDARY}`, boundary: BOUNDARY },
  'its boundary in quotes': { type: `multipart/form-data; boundary="${BOUNDARY}"`, boundary: BOUNDARY },
  'a boundary that needs quotes': { type: `multipart/form-data; boundary="a (b):c=?/d"`, boundary: 'a (b):c=?/d' },
  'a space before the semicolon': { type: `multipart/form-data ; boundary=${BOUNDARY}`, boundary: BOUNDARY },
  'no space after the semicolon': { type: `multipart/form-data;boundary=${BOUNDARY}`, boundary: BOUNDARY },
  'another parameter first': { type: `multipart/form-data; charset=utf-8; boundary=${BOUNDARY}`, boundary: BOUNDARY },
  'a boundary of seventy characters': {
    type: `multipart/form-data; boundary=${'b'.repeat(70)}`,
    boundary: 'b'.repeat(70),
  },
  'a boundary of one character': { type: 'multipart/form-data; boundary=b', boundary: 'b' },
};

test.for(Object.entries(types))('accepts a form with %s', async ([, { type, boundary }]) => {
  await using server = await startTestServer();
  const { body } = await post(server, formOf(['content'], boundary), { type });
  expect(body.data?.uploadTaskFiles?.files).toHaveLength(1);
  await expectStored(server, ['content']);
});

test('accepts a chunked body with chunks of any size', async () => {
  await using server = await startTestServer();
  const contents = [randomBytes(200_000), randomBytes(1)];
  for (const size of [1000, 65_536, 65_537, 1_000_000]) {
    using client = await RawClient.open(server);
    await client.send(head(server, {}));
    for (const piece of pieces(formOf(contents), size)) await client.send(chunk(piece));
    await client.send(chunk(Buffer.alloc(0)));
    expect((await client.answer()).body.data?.uploadTaskFiles?.errors).toEqual([]);
  }
  await expectStored(server, Array(4).fill(contents).flat());
});

test.for([true, false])('accepts a body that arrives byte by byte (chunked: %s)', async (chunked) => {
  await using server = await startTestServer();
  const contents = ['first', '', `ends in a piece of the boundary\r\n--${BOUNDARY.slice(0, -1)}`];
  const body = formOf(contents);
  using client = await RawClient.open(server);
  await client.send(head(server, chunked ? {} : { length: body.length }));
  for (const byte of pieces(body, 1)) await client.send(chunked ? chunk(byte) : byte);
  if (chunked) await client.send(chunk(Buffer.alloc(0)));
  expect((await client.answer()).body.data?.uploadTaskFiles?.errors).toEqual([]);
  await expectStored(server, contents);
});

test.for([1, 2, 3, 7, 11, 64, 1000, 1_000_000])(
  'stores content that resembles the boundary unchanged, sent in pieces of %i bytes',
  async (size) => {
    await using server = await startTestServer();
    const boundary = '--aab-aab';
    const almost = [
      `\r\n--${boundary.slice(0, -1)}`,
      `\r\n--${boundary.slice(0, -1)}\r\n--${boundary.slice(0, -1)}`,
      `\r\r\n--${boundary.slice(0, 4)}`,
      `x--${boundary}`,
      `x--${boundary}--`,
      `\n--${boundary}\n`,
      `\r--${boundary}\r`,
      `\r\n-${boundary}`,
      `\r\n--${boundary.toUpperCase()}\r\n`,
      `\r\n\r\n-\r\n--\r\n---`,
      '\r',
      '\r\n',
      '\r\n-',
      '\r\n--',
    ];
    const contents = [...almost, almost.join('x'), almost.toReversed().join('x')];
    const body = formOf(contents, boundary);
    using client = await RawClient.open(server);
    await client.send(head(server, { length: body.length, type: `multipart/form-data; boundary=${boundary}` }));
    for (const piece of pieces(body, size)) await client.send(piece);
    const { data } = (await client.answer()).body;
    expect(data?.uploadTaskFiles?.files.map((stored) => stored.sha256)).toEqual(contents.map(sha256));
    await expectStored(server, contents);
  },
);

test('stores large content full of partial boundaries unchanged', async () => {
  await using server = await startTestServer();
  const near = Buffer.from(`\r\n--${BOUNDARY.slice(0, -1)}`);
  const content = randomBytes(8_000_000);
  for (let at = 0; at < content.length - near.length; at += 997) {
    const end = at + near.copy(content, at, 0, 1 + (at % near.length));
    content.write('!', end); // random content must not complete the boundary
  }
  await post(server, formOf([content, 'the next one']));
  await expectStored(server, [content, 'the next one']);
});

test('ignores what precedes the first boundary and what follows the last', async () => {
  await using server = await startTestServer();
  const form = [Buffer.from('a preamble\r\n'), formOf(['content']), Buffer.from('an epilogue\r\n--of lines\r\n')];
  expect((await post(server, Buffer.concat(form))).body.errors).toBeUndefined();
  await expectStored(server, ['content']);
});

test('accepts a closing boundary without a line break after it', async () => {
  await using server = await startTestServer();
  await post(server, formOf(['content']).subarray(0, -2));
  await expectStored(server, ['content']);
});

test('accepts folded, repeated and unknown part headers', async () => {
  await using server = await startTestServer();
  const headers = fileHeaders('0', 'a.txt').replace('; filename', ';\r\n filename');
  const form = [preface(1), part(`x-more: 1\r\nX-More: 2\r\n${headers}`, 'content'), closing()];
  const { body } = await post(server, Buffer.concat(form));
  expect(body.data?.uploadTaskFiles?.files).toMatchObject([{ name: 'a.txt' }]);
  await expectStored(server, ['content']);
});

test('reads operations sent as application/json', async () => {
  await using server = await startTestServer();
  const operations = JSON.stringify({ query: '{ __typename }' });
  const headers = 'content-disposition: form-data; name="operations"\r\ncontent-type: application/json';
  const { body } = await post(server, Buffer.concat([part(headers, operations), field('map', {}), closing()]));
  expect(body).toEqual({ data: { __typename: 'Query' } });
});
