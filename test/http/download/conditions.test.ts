import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bearer, download } from '../../support/download.ts';
import { uploadFile } from '../../support/files.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

const PAST = 'Sat, 01 Jan 2000 00:00:00 GMT';
const FUTURE = 'Fri, 01 Jan 2100 00:00:00 GMT';

describe('the conditions of a download', () => {
  let server: TestServer;
  let file: { databaseId: number };
  let etag: string;

  beforeAll(async () => {
    server = await startTestServer();
    file = await uploadFile(server, 'Task:1', { name: 'a.txt', content: 'abc' });
    etag = (await get({})).headers.get('etag') ?? '';
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const get = (headers: Record<string, string>, method = 'GET') => download(server, file, { headers, method });

  test.each(['"other"', '"a", "b"', 'nonsense', ''])(
    'If-Match: %s, which is not the ETag of the file, is answered with 412',
    async (ifMatch) => {
      for (const method of ['GET', 'HEAD']) {
        const response = await get({ 'if-match': ifMatch }, method);
        expect(response.status).toBe(412);
        expect(response.headers.get('etag')).toBe(etag);
        if (method === 'GET')
          expect(await response.json()).toEqual({
            error: { code: 'CONFLICT', message: expect.stringContaining(etag) },
          });
      }
    },
  );

  test('If-Match does not match a weak ETag', async () => {
    expect((await get({ 'if-match': `W/${etag}` })).status).toBe(412);
  });

  test('If-Match with the ETag, with a list that contains it, or with * returns the content', async () => {
    for (const ifMatch of [etag, `"other", ${etag}`, '*']) {
      const response = await get({ 'if-match': ifMatch });
      expect([response.status, await response.text()]).toEqual([200, 'abc']);
    }
  });

  test('If-Unmodified-Since with an earlier date is answered with 412, and an invalid date is ignored', async () => {
    expect((await get({ 'if-unmodified-since': PAST })).status).toBe(412);
    const modified = (await get({})).headers.get('last-modified') ?? '';
    for (const date of [FUTURE, modified, 'nonsense'])
      expect((await get({ 'if-unmodified-since': date })).status).toBe(200);
  });

  test.each<[string, (etag: string) => Record<string, string>, number]>([
    ['If-Match goes before If-Unmodified-Since', (etag) => ({ 'if-match': etag, 'if-unmodified-since': PAST }), 200],
    ['If-Match goes before If-None-Match', (etag) => ({ 'if-match': '"x"', 'if-none-match': etag }), 412],
    ['If-None-Match is evaluated after If-Match', (etag) => ({ 'if-match': etag, 'if-none-match': etag }), 304],
    [
      'If-Unmodified-Since goes before If-None-Match',
      (etag) => ({ 'if-unmodified-since': PAST, 'if-none-match': etag }),
      412,
    ],
    [
      'If-None-Match goes before If-Modified-Since',
      () => ({ 'if-none-match': '"x"', 'if-modified-since': FUTURE }),
      200,
    ],
    ['If-Match goes before a range', () => ({ 'if-match': '"x"', range: 'bytes=0-0' }), 412],
    ['If-Match goes before a range outside of the file', () => ({ 'if-match': '"x"', range: 'bytes=9-' }), 412],
    ['a range is answered when If-Match holds', (etag) => ({ 'if-match': etag, range: 'bytes=0-0' }), 206],
  ])('%s', async (_what, headers, status) => {
    expect((await get(headers(etag))).status).toBe(status);
  });
});

test('If-Match with another ETag than that of the thumbnail is answered with 412', async () => {
  await using server = await startTestServer();
  const picture = sharp({ create: { width: 40, height: 30, channels: 3, background: '#c33' } });
  const content = new Blob([new Uint8Array(await picture.png().toBuffer())]);
  const file = await uploadFile(server, 'Task:1', { name: 'a.png', content });
  const url = `${server.url}/files/${file.databaseId}/thumbnail`;
  const etag = (await fetch(url, { headers: bearer(server.key) })).headers.get('etag') ?? '';
  for (const [ifMatch, status] of [
    [etag, 200],
    ['"other"', 412],
  ] as const)
    expect((await fetch(url, { headers: { ...bearer(server.key), 'if-match': ifMatch } })).status).toBe(status);
});

test.each(['bytes=0-', 'bytes=0-0', 'bytes=-1', 'bytes=5-', 'bytes=-0', 'bytes=0-0,1-1'])(
  'the range %s of an empty file is answered with the whole file, never with 206',
  async (range) => {
    await using server = await startTestServer();
    const file = await uploadFile(server, 'Task:1', { name: 'empty.txt', content: '' });
    const response = await download(server, file, { headers: { range } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe('0');
    expect(response.headers.has('content-range')).toBe(false);
    expect(await response.text()).toBe('');
  },
);
