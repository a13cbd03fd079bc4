import { expect, test } from 'vitest';
import { startTestServer } from '../support/server.ts';

const requests: [method: string, path: string, body?: string][] = [
  ['GET', '/'],
  ['POST', '/graphql', '{"query":"{ viewer { id } }"}'],
  ['POST', '/graphql', '{"query":"{ nonsense }"}'],
  ['GET', '/files/1/content'],
  ['GET', '/health/ready'],
  ['GET', '/metrics'],
  ['GET', '/nonsense'],
  ['GET', '/%zz'],
  ['OPTIONS', '/uploads'],
  ['POST', '/jsonrpc.php', '{}'],
  ['GET', '/api/2.0/nonsense'],
];

test.each(requests)('%s %s has the security headers, and leaves the connection open', async (method, path, body) => {
  await using server = await startTestServer({ PUBLIC_URL: 'https://files.example.org' });
  const headers = { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' };
  const response = await fetch(server.url + path, { method, headers, body: body ?? null });
  await response.arrayBuffer();
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'SAMEORIGIN',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'strict-transport-security': expect.stringContaining('max-age='),
    connection: 'keep-alive',
  });
});
