import { expect, test } from 'vitest';
import { uploadFiles } from '../support/files.ts';
import type { TestServer } from '../support/server.ts';
import { loseStored } from '../support/small-blobs.ts';
import { adminHeader, md5, signed, startSigningServer } from './worksection-calls.ts';

async function withFile(server: TestServer, name = 'números ’(1).json', content = '{"status":"error"}') {
  const [file] = (await uploadFiles(server, null, [{ name, content, type: 'application/json' }])).files;
  return file?.databaseId as number;
}

test('a download is never JSON, and supports its file name, ETag and ranges', async () => {
  await using server = await startSigningServer();
  const id = await withFile(server);
  for (const url of [
    signed(server, `action=download&id_file=${id}`),
    `${server.url}/download/${id}?hash=${md5(`action=download&id_file=${id}${server.key}`)}`,
  ]) {
    const whole = await fetch(url);
    expect(whole.status).toBe(200);
    expect(whole.headers.get('content-type')).toBe('application/x-download');
    expect(whole.headers.get('content-disposition')).toBe(
      "attachment; filename*=UTF-8''n%C3%BAmeros%20%E2%80%99%281%29.json",
    );
    expect(whole.headers.get('accept-ranges')).toBe('bytes');
    expect(await whole.text()).toBe('{"status":"error"}');
    const part = await fetch(url, { headers: { range: 'bytes=2-7' } });
    expect([part.status, await part.text()]).toEqual([206, 'status']);
    const known = await fetch(url, { headers: { 'if-none-match': whole.headers.get('etag') ?? '' } });
    expect(known.status).toBe(304);
  }
});

test('/download/ID accepts a key, a bearer token, a signature and a hash, and rejects wrong hashes', async () => {
  await using server = await startSigningServer();
  const id = await withFile(server);
  const url = `${server.url}/download/${id}`;
  for (const authorization of [server.key, `Bearer ${server.key}`, adminHeader(server.key, 'download')])
    expect((await fetch(url, { headers: { authorization } })).headers.get('content-type')).toBe(
      'application/x-download',
    );
  const refused = [
    url,
    `${url}?hash=${md5(server.key)}`,
    `${url}?hash=${md5(`action=download&id_file=${id + 1}${server.key}`)}`,
    `${url}?action=download&id_file=${id + 1}&hash=${md5(`action=download&id_file=${id + 1}${server.key}`)}`,
  ];
  for (const address of refused) {
    const response = await fetch(address);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: 'error', status_code: 2 });
  }
});

test('a download of an unknown file returns the error 4 with the status 200', async () => {
  await using server = await startSigningServer();
  const response = await fetch(`${server.url}/download/999`, { headers: { authorization: server.key } });
  expect([response.status, await response.json()]).toEqual([
    200,
    { status: 'error', status_code: 4, message: 'File not found', message_details: '' },
  ]);
});

test('a download of a file whose bytes are missing returns an error without the headers of a file', async () => {
  await using server = await startSigningServer();
  const id = await withFile(server);
  for (const blob of (await server.stored()).blobs) await loseStored(server.dataDir, blob);
  const response = await fetch(signed(server, `action=download&id_file=${id}`));
  expect([response.status, (await response.json()).status_code]).toEqual([200, 13]);
  for (const name of ['etag', 'last-modified', 'content-disposition', 'accept-ranges'])
    expect([name, response.headers.get(name)]).toEqual([name, null]);
});
