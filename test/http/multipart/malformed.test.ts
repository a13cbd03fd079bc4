import { expect, test } from 'vitest';
import { BOUNDARY, closing, file, fileHeaders, part, post, preface } from '../../support/raw-http.ts';
import { startTestServer } from '../../support/server.ts';
import { expectStored } from './aftermath.ts';

const content = 'c'.repeat(100_000);
const good = file('0', 'good.txt', content);
const withHeaders = (headers: string) => part(headers, content);
const endless = 'x'.repeat(100_000);

const headers: Record<string, string> = {
  'a NUL byte in a value': fileHeaders('1', 'a\0b.txt'),
  'a NUL byte in a name': `\0${fileHeaders('1', 'a.txt')}`,
  'a space at its start': ` ${fileHeaders('1', 'a.txt')}`,
  'a tab at its start': `\t${fileHeaders('1', 'a.txt')}`,
  'a name without a colon': `content-disposition\r\n${fileHeaders('1', 'a.txt')}`,
  'an empty name': `: x\r\n${fileHeaders('1', 'a.txt')}`,
  'a bare line feed': fileHeaders('1', 'a.txt').replace('\r\n', '\n'),
  'a bare carriage return': fileHeaders('1', 'a\rb.txt'),
  'an escape character in the filename': fileHeaders('1', '\x1b[31mred.txt'),
  'a value of 100 kB': fileHeaders('1', endless),
  'a name of 100 kB': `${endless}: x\r\n${fileHeaders('1', 'a.txt')}`,
  'ten thousand lines': `${'x: y\r\n'.repeat(10_000)}${fileHeaders('1', 'a.txt')}`,
  'no content-disposition': 'content-type: text/plain',
  'nothing at all': '',
  'another disposition': fileHeaders('1', 'a.txt').replace('form-data', 'attachment'),
  'an empty disposition': 'content-disposition: ',
  'a quote that is never closed': 'content-disposition: form-data; name="1"; filename="a.txt',
  'no name': 'content-disposition: form-data; filename="a.txt"',
  'no filename': 'content-disposition: form-data; name="1"',
};
const brokenParts = Object.entries(headers).flatMap(([what, header]) => [
  { what, place: 'last', parts: [good, withHeaders(header)] },
  { what, place: 'first', parts: [withHeaders(header), good] },
]);

test.for(brokenParts)('rejects a part header with $what, $place, with 400 and stores nothing', async ({ parts }) => {
  await using server = await startTestServer();
  const { status, body } = await post(server, Buffer.concat([preface(2), ...parts, closing()]));
  expect(status).toBe(400);
  expect(body.errors?.map(({ extensions }) => extensions?.code)).toEqual(['BAD_USER_INPUT']);
  await expectStored(server, []);
});

test.for(['a NUL byte in a value', 'a value of 100 kB', 'a space at its start'])(
  'rejects a part header with %s before all other parts with 400',
  async (what) => {
    await using server = await startTestServer();
    const form = [withHeaders(headers[what] ?? ''), preface(1), good, closing()];
    expect((await post(server, Buffer.concat(form))).status).toBe(400);
    await expectStored(server, []);
  },
);

const form = Buffer.concat([preface(1), good, closing()]);
const bodies: Record<string, { type?: string; body: Uint8Array }> = {
  'no boundary': { type: 'multipart/form-data', body: form },
  'no boundary after a semicolon': { type: 'multipart/form-data;', body: form },
  'an empty boundary': { type: 'multipart/form-data; boundary=', body: form },
  'an empty boundary in quotes': { type: 'multipart/form-data; boundary=""', body: form },
  'a boundary whose quote is never closed': { type: `multipart/form-data; boundary="${BOUNDARY}`, body: form },
  'the wrong boundary': { type: 'multipart/form-data; boundary=another', body: form },
  'the wrong boundary in a large body': {
    type: 'multipart/form-data; boundary=another',
    body: Buffer.concat([preface(1), file('0', 'a', Buffer.alloc(5_000_000)), closing()]),
  },
  'no closing boundary': { body: form.subarray(0, -closing().length) },
  'half of a closing boundary': { body: form.subarray(0, -6) },
  'no end of its last header': { body: Buffer.concat([preface(1), Buffer.from(`--${BOUNDARY}\r\ncontent-dis`)]) },
  'no parts': { body: closing() },
  'no bytes': { body: Buffer.alloc(0) },
  'nothing of a form': { body: Buffer.from('{ "query": "{ __typename }" }') },
  'only zeros': { body: Buffer.alloc(1_000_000) },
};

test.for(Object.entries(bodies))('rejects a body with %s with 400 and stores nothing', async ([, { type, body }]) => {
  await using server = await startTestServer();
  const answer = await post(server, body, type === undefined ? {} : { type });
  expect(answer.status).toBe(400);
  expect(answer.body.errors?.map(({ extensions }) => extensions?.code)).toEqual(['BAD_USER_INPUT']);
  await expectStored(server, []);
});

test('stores a valid upload after a hundred concurrent malformed requests', async () => {
  await using server = await startTestServer();
  const broken = Buffer.concat([preface(2), good, withHeaders(headers['a NUL byte in a value'] ?? ''), closing()]);
  const answers = await Promise.all(Array.from({ length: 100 }, () => post(server, broken)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400]));
  await expectStored(server, []);
  await post(server, form);
  await expectStored(server, [content]);
});
