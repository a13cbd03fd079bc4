import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { uploadFile } from '../support/files.ts';
import { connect } from '../support/live.ts';
import { startProcess } from '../support/process.ts';
import { ADMIN_KEY, type TestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Line {
  msg: string;
  requestId?: string;
  transport?: string;
  path?: string;
  operation?: string | null;
  type?: string;
  status?: number;
  userId?: number;
  guest?: string;
  keyId?: number;
  bytesIn?: number;
  bytesOut?: number;
  code?: number;
}

const PASTED = 'att_pasted-into-a-path-by-mistake-0123456789abcdef';
const REFUSED = 'att_wrong-key-that-is-refused';

test('the log has a line for each request of each transport, and none has a secret', async () => {
  await using folder = await temporaryFolder('log');
  await using server = await startProcess({
    DATA_DIR: folder.path,
    ATTACHE_ADMIN_KEY: ADMIN_KEY,
    ATTACHE_SECRET: 'secret-of-the-operator-0123456789',
    LOG_LEVEL: 'debug',
  });
  const endpoint = server as unknown as TestServer;
  const get = (path: string, headers: Record<string, string> = { authorization: `Bearer ${ADMIN_KEY}` }, init = {}) =>
    fetch(`${server.url}${path}`, { headers, ...init });

  // GraphQL, multipart and downloads.
  const file = await uploadFile(endpoint, 'Task:1', { name: 'a.txt', content: 'hello' });
  await ask(server, 'query TheName { viewer { id } }');
  expect((await get(`/files/${file.databaseId}/content`)).headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
  const { node } = await ask<{ node: { url: string } }>(
    server,
    `{ node(id: "${file.id}") { ... on File { url(expiresIn: 60) } } }`,
  );
  const link = new URL(node.url);
  const named = await get(link.pathname + link.search, { 'x-request-id': 'chosen-1' });
  expect([named.status, named.headers.get('x-request-id')]).toEqual([200, 'chosen-1']);
  const replaced = await get('/files/zip?on=Task:1', { authorization: `Bearer ${ADMIN_KEY}`, 'x-request-id': 'a b"' });
  expect([replaced.status, replaced.headers.get('x-request-id')]).toEqual([200, expect.stringMatching(/^[\w-]{36}$/)]);
  await replaced.arrayBuffer();

  // tus.
  const tus = { authorization: `Bearer ${ADMIN_KEY}`, 'tus-resumable': '1.0.0' };
  const metadata = `filename ${btoa('b.txt')},on ${btoa('Task:1')}`;
  const created = await get(
    '/uploads',
    { ...tus, 'upload-length': '5', 'upload-metadata': metadata },
    { method: 'POST' },
  );
  const uploadId = new URL(created.headers.get('location') ?? '', server.url).pathname.split('/').at(-1) as string;
  const patched = await get(
    `/uploads/${uploadId}`,
    { ...tus, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
    { method: 'PATCH', body: 'world' },
  );
  expect(patched.status).toBe(204);

  // Older APIs: keys in Basic credentials, and signatures in query strings.
  const basic = btoa(`jsonrpc:${ADMIN_KEY}`);
  const kanboard = await get(
    '/jsonrpc.php',
    { authorization: `Basic ${basic}`, 'content-type': 'application/json' },
    { method: 'POST', body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'getTask', params: { task_id: 1 } }) },
  );
  expect(kanboard.status).toBe(200);
  const signing = await ask<{ createApiKey: { key: string } }>(
    server,
    'mutation { createApiKey(input: { name: "sign", canSign: true }) { key } }',
  );
  const query = 'action=get_projects';
  const hash = createHash('md5').update(`${query}${signing.createApiKey.key}`).digest('hex');
  await get(`/api/admin/v2/?${query}&hash=${hash}`, {});
  await get('/api/2.0/crm/contact/1/files', { authorization: ADMIN_KEY });

  // Refused, unknown and malformed requests.
  expect((await get('/files/1/content', { authorization: `Bearer ${REFUSED}` })).status).toBe(401);
  await get(`/files/${PASTED}/content?key=${PASTED}`);
  await get(`/unknown/${PASTED}?key=${PASTED}`);
  await get(`/unknown/%zz${PASTED}`);

  // WebSockets.
  const client = connect(endpoint);
  for await (const result of client.iterate({ query: 'query OverSocket { viewer { id } }' }))
    expect(result.data).toBeTruthy();
  const events = client.iterate({ query: 'subscription Watch { fileAdded(on: "Task:1") { file { name } } }' });
  const next = events.next();
  await expect.poll(() => server.logged()).toContain('subscription started');
  await uploadFile(endpoint, 'Task:1', { name: 'c.txt', content: 'c' });
  await next;
  await client.dispose();
  await expect.poll(() => server.logged()).toContain('connection closed');
  expect(await server.end('SIGTERM')).toMatchObject({ code: 0 });

  const log = server.logged();
  const secrets = {
    key: ADMIN_KEY,
    basic,
    signing: signing.createApiKey.key,
    hash,
    token: link.searchParams.get('token') as string,
    uploadId,
    pasted: PASTED,
    refused: REFUSED,
    operator: 'secret-of-the-operator',
  };
  const leaked = Object.entries(secrets).filter(([, secret]) => secret.length < 8 || log.includes(secret));
  expect(leaked.map(([name]) => name)).toEqual([]);

  const lines = log
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
  expect(lines.map(({ msg }) => msg)).toEqual(expect.arrayContaining(['starting', 'listening', 'stopping', 'stopped']));
  const requests = lines.filter(({ msg }) => msg === 'request');
  const like = (line: Partial<Line>) => expect.objectContaining(line);
  const known = { userId: 1, keyId: expect.any(Number) };
  expect(requests).toEqual(
    expect.arrayContaining([
      like({ path: '/graphql', operation: 'TheName', type: 'query', status: 200, ...known }),
      like({ path: '/graphql', operation: null, type: 'mutation', status: 200, ...known }),
      like({ path: `/files/${file.databaseId}/content`, status: 200, requestId: 'chosen-1', guest: 'link of User:1' }),
      like({ path: '/files/zip', status: 200, ...known }),
      like({ path: '/uploads', status: 201, ...known }),
      like({ path: '/uploads/:id', status: 204, ...known }),
      like({ path: '/jsonrpc.php', status: 200, ...known }),
      like({ path: '/api/admin/v2/', ...known }),
      like({ path: '/api/2.0/crm/contact/1/files', status: 200, ...known }),
      like({ path: '/files/1/content', status: 401 }),
      like({ path: '/unknown/:hidden', status: 404 }),
      like({ transport: 'websocket', operation: 'OverSocket', type: 'query', ...known }),
      like({ transport: 'websocket', operation: 'Watch', type: 'subscription', ...known }),
    ]),
  );
  for (const { bytesIn, bytesOut, transport } of requests)
    if (!transport) expect([bytesIn, bytesOut].every((bytes) => bytes !== undefined && bytes > 20)).toBe(true);
  expect(lines).toContainEqual(like({ msg: 'connection closed', code: 1000, path: '/graphql', ...known }));
  expect(lines).toContainEqual(like({ msg: 'a sign-in was refused' }));
});
