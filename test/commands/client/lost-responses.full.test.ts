import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createCliUser } from '../../support/client-cli.ts';
import { uploadFiles } from '../../support/files.ts';
import { startPathProxy } from '../../support/path-proxy.ts';
import { startTestServer } from '../../support/server.ts';

test('an upload that another request has locked is continued later, and not started again', async () => {
  await using server = await startTestServer();
  await using proxy = await startPathProxy('');
  proxy.target = server.url;
  const methods: string[] = [];
  let conflicts = 2;
  proxy.refuses = ({ method = '', url = '' }) => {
    if (!url.includes('/uploads')) return undefined;
    methods.push(method);
    return method !== 'POST' && conflicts-- > 0 ? 409 : undefined;
  };
  await using user = await createCliUser({ url: proxy.url, key: server.key });
  await writeFile(user.path('film.mp4'), randomBytes(2 ** 21));
  const { code, stderr } = await user.run(['upload', 'film.mp4', '--to', 'Task:1']);
  expect([code, stderr]).toEqual([0, expect.stringContaining('1 uploaded, 0 already there.\n')]);
  expect(methods).toEqual(['POST', 'PATCH', 'HEAD', 'HEAD', 'PATCH']);
});

test('get reports what it has downloaded when a later page of the list fails', async () => {
  await using server = await startTestServer({ MAX_FILES: '200' });
  await using proxy = await startPathProxy('');
  proxy.target = server.url;
  const files = Array.from({ length: 101 }, (_, index) => ({ name: `${index}.txt`, content: String(index) }));
  await uploadFiles(server, 'Task:1', files);
  let lists = 0;
  proxy.refuses = ({ url }) => (url === '/graphql' && ++lists > 1 ? 403 : undefined);
  await using user = await createCliUser({ url: proxy.url, key: server.key });
  const { code, stderr } = await user.run(['get', 'Task:1', '-o', 'out']);
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(
      /^\d+ downloaded, 0 already there\.\nRepeat the command: .*\nattache: The server responded with status 403\.\n$/,
    ),
  ]);
  expect((await readdir(user.path('out'))).filter((name) => !name.startsWith('.'))).toHaveLength(
    Number.parseInt(stderr, 10),
  );
});

test('a request whose response breaks off is sent again, and its failure is one line', async () => {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
    response.write('{"data":', () => setTimeout(() => response.destroy(), 20));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await using user = await createCliUser({ url, key: 'k' });
    const { code, stderr } = await user.run(['ls', 'Task:1']);
    expect([code, stderr]).toEqual([1, `attache: Cannot reach ${url}: the connection broke.\n`]);
    expect(requests).toBe(4);
  } finally {
    server.close();
  }
});
