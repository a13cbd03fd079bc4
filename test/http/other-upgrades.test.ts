import { expect, test } from 'vitest';
import { rawRequest } from '../security/raw.ts';
import { uploadFile } from '../support/files.ts';
import { startTestServer } from '../support/server.ts';

/**
 * A server may ignore an upgrade, and answer as if it was not offered. Java's client offers HTTP/2
 * with each request. https://www.rfc-editor.org/rfc/rfc9110#section-7.8
 */
const offer = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQAAP__' };

test('requests that offer another upgrade than to WebSocket are answered like others', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', { name: 'a.txt', content: 'hello' });
  const authorization = `Bearer ${server.key}`;
  const requests = [
    { method: 'GET', path: `/files/${file.databaseId}/content`, headers: {} },
    { method: 'HEAD', path: `/files/${file.databaseId}/content`, headers: {} },
    {
      method: 'POST',
      path: '/graphql',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ viewer { id } }"}',
    },
    { method: 'GET', path: '/health/live', headers: {} },
    { method: 'GET', path: '/v1/tasks/1/attachments', headers: {} },
    { method: 'OPTIONS', path: '/uploads', headers: {} },
    { method: 'GET', path: '/nothing', headers: {} },
  ];
  for (const { headers, body = '', ...request } of requests) {
    const send = (more: object) =>
      rawRequest(server.url, { ...request, body, headers: { authorization, ...headers, ...more } });
    const { status, text } = await send(offer);
    expect([request, status, text]).toEqual([request, ...Object.values(await send({}))]);
    expect(status).toBe(request.path === '/nothing' ? 404 : request.method === 'OPTIONS' ? 204 : 200);
  }
});
