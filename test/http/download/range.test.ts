import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { download } from '../../support/download.ts';
import { uploadFile } from '../../support/files.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

const content = 'abcdefghijklmnopqrstuvwxyz';

describe('ranges of a file of 26 bytes', () => {
  let server: TestServer;
  let file: { databaseId: number };

  beforeAll(async () => {
    server = await startTestServer();
    file = await uploadFile(server, 'Task:1', { name: 'alphabet.txt', content });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const get = (headers: Record<string, string>, method = 'GET') => download(server, file, { headers, method });

  test.each([
    ['the first byte', 'bytes=0-0', 'bytes 0-0/26', 'a'],
    ['the first ten', 'bytes=0-9', 'bytes 0-9/26', 'abcdefghij'],
    ['some in the middle', 'bytes=10-12', 'bytes 10-12/26', 'klm'],
    ['the last byte', 'bytes=25-25', 'bytes 25-25/26', 'z'],
    ['the last three', 'bytes=-3', 'bytes 23-25/26', 'xyz'],
    ['more from the end than there are', 'bytes=-100', 'bytes 0-25/26', content],
    ['all from the eleventh on', 'bytes=10-', 'bytes 10-25/26', 'klmnopqrstuvwxyz'],
    ['all', 'bytes=0-', 'bytes 0-25/26', content],
    ['beyond the end', 'bytes=20-99', 'bytes 20-25/26', 'uvwxyz'],
  ])('a range (%s) is answered with 206 and exactly those bytes', async (_what, range, contentRange, expected) => {
    const response = await get({ range });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(contentRange);
    expect(response.headers.get('content-length')).toBe(String(expected.length));
    expect(response.headers.get('etag')).toBe((await get({})).headers.get('etag'));
    expect(await response.text()).toBe(expected);
  });

  test.each(['bytes=26-', 'bytes=26-30', 'bytes=1000-2000', 'bytes=-0'])(
    'the range %s, which is outside the file, is answered with 416 and the size',
    async (range) => {
      const response = await get({ range });
      expect(response.status).toBe(416);
      expect(response.headers.get('content-range')).toBe('bytes */26');
      expect(await response.text()).not.toContain('a');
    },
  );

  test.each(['bytes', 'bytes=', 'bytes=x-y', 'bytes=--5', 'lines=0-1', 'bytes 0-1'])(
    'a range that cannot be parsed, such as %s, is rejected or answered with the whole file',
    async (range) => {
      const response = await get({ range });
      expect([200, 400, 416]).toContain(response.status);
      if (response.status === 200) expect(await response.text()).toBe(content);
    },
  );

  test('several ranges are answered with the whole file', async () => {
    const response = await get({ range: 'bytes=0-1,4-5' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(content);
  });

  test('a range is honoured when If-Range matches the current content', async () => {
    const whole = await get({});
    for (const name of ['etag', 'last-modified']) {
      const response = await get({ range: 'bytes=0-2', 'if-range': whole.headers.get(name) ?? '' });
      expect(response.status).toBe(206);
      expect(await response.text()).toBe('abc');
    }
  });

  test('the whole file is returned when If-Range does not match the current content', async () => {
    const etag = (await get({})).headers.get('etag') ?? '';
    for (const ifRange of ['"other"', `W/${etag}`, 'Sat, 01 Jan 2000 00:00:00 GMT', 'nonsense']) {
      const response = await get({ range: 'bytes=0-2', 'if-range': ifRange });
      expect(response.status).toBe(200);
      expect(await response.text()).toBe(content);
    }
  });

  test('If-None-Match takes precedence over a range', async () => {
    const etag = (await get({})).headers.get('etag') ?? '';
    expect((await get({ range: 'bytes=0-2', 'if-none-match': etag })).status).toBe(304);
  });

  test('HEAD ignores ranges', async () => {
    const response = await get({ range: 'bytes=0-2' }, 'HEAD');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe('26');
  });
});

test('a range of an empty file returns no byte', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', { name: 'empty.txt', content: '' });
  for (const range of ['bytes=0-', 'bytes=0-0', 'bytes=-1']) {
    const response = await download(server, file, { headers: { range } });
    expect([200, 416]).toContain(response.status);
    expect(await response.text()).toBe('');
  }
});
