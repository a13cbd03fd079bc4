import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { taskFiles } from '../support/documents.ts';
import { download, sha256 } from '../support/download.ts';
import { isInstalled } from '../support/programs.ts';
import { BOUNDARY, closing, file, preface } from '../support/raw-http.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Sent {
  path: string;
  method?: string;
  headers: Record<string, string>;
  length: number;
}

/**
 * Sends the head of a request with `Expect: 100-continue`.
 * Returns the status codes of the responses in order.
 */
async function expectContinue(server: TestServer, { path, method = 'POST', headers, length }: Sent, body?: Uint8Array) {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
    if (body && text.startsWith('HTTP/1.1 100')) {
      socket.write(body);
      body = undefined;
    }
  });
  socket.on('error', () => {});
  const all = { host: 'test', 'content-length': `${length}`, expect: '100-continue', ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  await expect.poll(() => /HTTP\/1\.1 [2-5]\d\d[\s\S]*\r\n\r\n/.test(text), { timeout: 10_000 }).toBe(true);
  await pause(100); // time for any further response to arrive
  socket.destroy();
  return [...text.matchAll(/^HTTP\/1\.1 (\d\d\d)/gm)].map(([, status]) => Number(status));
}

const LENGTH = 5_000_000;
const form = `multipart/form-data; boundary=${BOUNDARY}`;
const bodies: [string, Sent][] = [
  ['GraphQL as JSON', { path: '/graphql', headers: { 'content-type': 'application/json' }, length: LENGTH }],
  ['GraphQL as a form', { path: '/graphql', headers: { 'content-type': form }, length: LENGTH }],
  [
    'the creation of an upload by tus',
    {
      path: '/uploads',
      headers: {
        'tus-resumable': '1.0.0',
        'upload-length': `${LENGTH}`,
        'content-type': 'application/offset+octet-stream',
      },
      length: LENGTH,
    },
  ],
  [
    'the bytes of an upload by tus',
    {
      path: '/uploads/00000000-0000-4000-8000-000000000000',
      method: 'PATCH',
      headers: { 'tus-resumable': '1.0.0', 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
      length: LENGTH,
    },
  ],
  ['a form of COR', { path: '/v1/tasks/1/attachments', headers: { 'content-type': form }, length: LENGTH }],
  [
    'a form of ONLYOFFICE',
    { path: '/api/2.0/project/task/1/files/upload', headers: { 'content-type': form }, length: LENGTH },
  ],
  ['JSON of Kanboard', { path: '/jsonrpc.php', headers: { 'content-type': 'application/json' }, length: 5000 }],
];

test.each(bodies)('%s with a wrong key or none is rejected with 401 before 100 Continue', async (what, sent) => {
  await using server = await startTestServer();
  const scheme = what.includes('Kanboard') ? `Basic ${btoa('jsonrpc:wrong-key')}` : 'Bearer wrong-key';
  expect(await expectContinue(server, { ...sent, headers: { ...sent.headers, authorization: scheme } })).toEqual([401]);
  expect(await expectContinue(server, sent)).toEqual([401]);
});

test('a Worksection form with a wrong signature is answered before 100 Continue', async () => {
  await using server = await startTestServer();
  const sent = {
    path: '/api/admin/v2/?action=post_task&hash=wrong',
    headers: { 'content-type': form },
    length: LENGTH,
  };
  expect(await expectContinue(server, sent)).toEqual([200]); // Worksection answers 200 to errors
});

test('a body of an unsupported type is rejected with 415 before 100 Continue', async () => {
  await using server = await startTestServer();
  const headers = { authorization: `Bearer ${server.key}`, 'content-type': 'text/plain' };
  expect(await expectContinue(server, { path: '/graphql', headers, length: LENGTH })).toEqual([415]);
});

test('a request with a valid key receives 100 Continue once, and then its response', async () => {
  await using server = await startTestServer();
  const authorization = `Bearer ${server.key}`;
  const json = Buffer.from('{"query":"{ viewer { id } }"}');
  const request = {
    path: '/graphql',
    headers: { authorization, 'content-type': 'application/json' },
    length: json.length,
  };
  expect(await expectContinue(server, request, json)).toEqual([100, 200]);
  const upload = Buffer.concat([preface(1), file('0', 'a.bin', randomBytes(3_000_000)), closing()]);
  const sent = { path: '/graphql', headers: { authorization, 'content-type': form }, length: upload.length };
  expect(await expectContinue(server, sent, upload)).toEqual([100, 200]);
  const { task } = await ask(server, taskFiles, { id: 'Task:1' });
  expect(task?.files.edges).toMatchObject([{ node: { name: 'a.bin' } }]);
});

test.runIf(isInstalled('curl'))(
  'curl uploads a large file with Expect: 100-continue, and sends no byte of it with a wrong key',
  async () => {
    await using server = await startTestServer();
    await using folder = await temporaryFolder('expect');
    const content = randomBytes(4_000_000);
    await writeFile(join(folder.path, 'a.bin'), content);
    const operations = {
      query:
        'mutation ($f: [Upload!]!) { uploadTaskFiles(input: { taskId: "Task:1", files: $f }) { files { databaseId } } }',
      variables: { f: [null] },
    };
    const upload = (key: string) =>
      promisify(execFile)(
        'curl',
        [
          ...['-sS', '--expect100-timeout', '30', '-H', 'Expect: 100-continue', '-H', `Authorization: Bearer ${key}`],
          ...['-F', `operations=${JSON.stringify(operations)}`, '-F', 'map={"0":["variables.f.0"]}', '-F', '0=@a.bin'],
          ...['-w', '\n%{http_code} %{size_upload}', server.graphqlUrl],
        ],
        { cwd: folder.path },
      );
    const [body = '', transfer] = (await upload(server.key)).stdout.split('\n');
    expect(transfer).toMatch(/^200 4\d{6}$/);
    const [stored] = JSON.parse(body).data.uploadTaskFiles.files;
    expect(sha256(Buffer.from(await (await download(server, stored)).arrayBuffer()))).toBe(sha256(content));
    const refused = (await upload('wrong-key')).stdout.split('\n');
    expect(JSON.parse(refused[0] ?? '')).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(refused[1]).toBe('401 0');
  },
);
