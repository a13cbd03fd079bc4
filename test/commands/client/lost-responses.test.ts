import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createCliUser } from '../../support/client-cli.ts';
import { startPathProxy } from '../../support/path-proxy.ts';
import { startTestServer } from '../../support/server.ts';

test('an upload that another request has locked is continued later, and not begun anew', async () => {
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
